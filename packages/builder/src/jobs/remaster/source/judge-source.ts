import { MediumPath } from '@micro-linux/provision';
import { readInstallSources } from '../plan/install-sources.ts';
import { bootsBy } from './boot-report.ts';
import { type DiskInfo, parseDiskInfo } from './disk-info.ts';
import { isKnownRelease, KNOWN_ISOS, KNOWN_RELEASES } from './known-releases.ts';
import { hasLiveServer, missingLayers } from './live-layers.ts';
import { type SourceFacts, TextPath } from './read-source.ts';
import { DOWNLOAD_HINT, sourceError } from './source-error.ts';

const ARCHITECTURE = 'amd64';
const PRODUCT = 'Ubuntu-Server';

const WANTED = `use ${KNOWN_ISOS}`;

/**
 * Decides whether an ISO can be remastered. Pure.
 *
 * @returns what it says about itself.
 * @throws MicroLinuxError, exit code 2, of every other {@link SourceFault}.
 */
export function judgeSource(source: SourceFacts): DiskInfo {
  const info = whatItIs(source);
  refuseRemastered(source);
  refuseIncomplete(source);
  return info;
}

function whatItIs({ path, texts }: SourceFacts): DiskInfo {
  const line = texts.get(TextPath.diskInfo);
  const info = line === undefined ? undefined : parseDiskInfo(line);
  if (!info) {
    throw sourceError('source-iso-unknown', {
      message: `${path} is not an Ubuntu installation medium`,
      why:
        line === undefined
          ? `it has no ${TextPath.diskInfo}`
          : `its ${TextPath.diskInfo} reads: ${line.trim()}`,
      hint: WANTED,
    });
  }
  const why = `it describes itself as: ${info.text}`;
  if (info.architecture !== ARCHITECTURE) {
    throw sourceError('source-iso-architecture', {
      message: `${path} is for ${info.architecture}; images are for ${ARCHITECTURE}`,
      why,
      hint: WANTED,
    });
  }
  if (!isKnownRelease(info.release)) {
    throw sourceError('source-iso-release', {
      message: `${path} is Ubuntu ${info.release}; only ${KNOWN_RELEASES} is known here`,
      why,
      hint: WANTED,
    });
  }
  if (info.product !== PRODUCT) {
    throw sourceError('source-iso-desktop', {
      message: `${path} is not a live server`,
      why: `${why}; the installer of a desktop is another program`,
      hint: WANTED,
    });
  }
  return info;
}

/** Traces of a remaster, by us or others, on a medium. */
const TRACES: readonly string[] = [
  MediumPath.directory,
  MediumPath.seed,
  MediumPath.nocloud,
  '/user-data',
];

function refuseRemastered({ path, files, texts }: SourceFacts): void {
  const trace = TRACES.find((one) => files.has(one));
  const menu = texts.get(TextPath.menu) ?? '';
  if (trace !== undefined || /^\s*linux\S*\s.*\sautoinstall(?:\s|$)/m.test(menu)) {
    throw sourceError('source-iso-remastered', {
      message: `${path} was remastered before`,
      why:
        trace === undefined
          ? `an entry of ${TextPath.menu} installs unattended`
          : `it has ${trace}, which no ISO of Ubuntu's has`,
      hint: 'use the ISO as Ubuntu publishes it',
    });
  }
}

function refuseIncomplete({ path, files, texts, bootReport }: SourceFacts): void {
  const incomplete = (why: string) =>
    sourceError('source-iso-incomplete', {
      message: `${path} lacks what its installer needs`,
      why,
      hint: DOWNLOAD_HINT,
    });
  for (const needed of [TextPath.menu, TextPath.sources, TextPath.sums]) {
    if (!texts.has(needed)) {
      throw incomplete(`there is no ${needed}`);
    }
  }
  if (!hasLiveServer(files)) {
    throw incomplete('no layer in /casper belongs to the live server');
  }
  const sources = readInstallSources(texts.get(TextPath.sources) ?? '');
  const missing = missingLayers(
    files,
    sources.map((source) => source.path),
  );
  if (missing.length > 0) {
    throw incomplete(`missing: ${missing.join(', ')}`);
  }
  const { bios, uefi } = bootsBy(bootReport);
  if (!bios || !uefi) {
    throw sourceError('source-iso-boot', {
      message: `${path} does not boot by ${bios ? 'UEFI' : uefi ? 'BIOS' : 'any firmware'}`,
      why: 'its El Torito catalog has no entry for it: some tool copied the files but not what boots them',
      hint: DOWNLOAD_HINT,
    });
  }
}
