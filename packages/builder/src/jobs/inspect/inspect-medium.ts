import { ExitCode, errorToObject, MIB, MicroLinuxError, run } from '@micro-linux/core';
import { type InstallManifest, installManifestSchema, MediumPath } from '@micro-linux/provision';
import type { Trust } from '../../keys/trust.ts';
import { type IsoPlace, isoFileDigest } from '../../steps/medium/iso-file.ts';
import { type IsoMedium, readIsoMedium } from '../../steps/medium/read-iso-medium.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { judge } from './judge-signatures.ts';

type ListedFile = InstallManifest['files']['seed'];

/**
 * `inspect` of an ISO, or of a stick that it was written to: checks the signatures of its list of
 * files against `trust`, and then every file in that list. The keys on the ISO itself are not used.
 *
 * @returns the exit code: 5 unless it is signed by trusted keys and all listed files match.
 */
export async function inspectMedium(
  context: CommandContext,
  iso: string,
  trust: Trust,
): Promise<number> {
  const { reporter, signal } = context;
  const medium = await readIsoMedium(iso, { run, signal });
  const { refusal, ...judgement } = judge(medium, trust, 'the ISO');
  const about = { kind: 'medium', iso, ...judgement, threshold: trust.threshold } as const;
  const signatures = [
    `signatures: ${about.signatures.length === 0 ? 'none' : ''}`.trimEnd(),
    ...about.signatures.map(({ keyId, status }) => `  ${keyId}  ${status}`),
  ];
  if (refusal) {
    reporter.result(
      [iso, ...signatures, `NOT TRUSTED: ${refusal.message}; nothing else was checked`].join('\n'),
      { ...about, ...errorToObject(untrusted(refusal)) },
    );
    return ExitCode.rejected;
  }
  const manifest = installManifestSchema.parse(JSON.parse(medium.manifestBytes.toString('utf8')));
  const step = reporter.step('checking every file that is signed');
  const listed = listedFiles(manifest);
  const changed = await changedFiles(iso, medium, listed, signal).catch((error: unknown) => {
    step.failed();
    throw error;
  });
  step.done();
  const unsigned = [...medium.places.keys()].filter((path) => !listed.has(path) && !OWN.has(path));
  const { compatible, version, profile, buildId } = manifest;
  reporter.result(
    [
      iso,
      `  installs ${profile} ${version} (${compatible}), build id ${buildId}`,
      ...signatures,
      `trusted: signed by enough of the trusted keys (threshold ${trust.threshold})`,
      changed.length === 0
        ? `${listed.size} files, ${mib([...listed.values()])} MiB, each as it was signed`
        : `CHANGED since it was signed: ${changed.join(', ')}`,
      `not signed: ${unsigned.length > SHOWN ? `${unsigned.length} other files` : unsigned.join(', ') || 'no other file'}, and the boot sectors`,
    ].join('\n'),
    {
      ...about,
      manifest: { compatible, version, profile, buildId },
      files: listed.size,
      changed,
      unsigned,
      ...(changed.length === 0 ? {} : errorToObject(damaged(iso, changed))),
    },
  );
  return changed.length === 0 ? ExitCode.done : ExitCode.rejected;
}

/** A remaster has hundreds of Ubuntu's files. */
const SHOWN = 12;

/** These sign the other files, and are checked separately. */
const OWN: ReadonlySet<string> = new Set([MediumPath.manifest, MediumPath.signatures]);

function listedFiles({ files, others }: InstallManifest): ReadonlyMap<string, ListedFile> {
  const names = Object.keys(files) as (keyof typeof files)[];
  return new Map([
    ...names.map((name) => [MediumPath[name], files[name]] as const),
    ...Object.entries(others),
  ]);
}

async function changedFiles(
  iso: string,
  { places }: IsoMedium,
  listed: ReadonlyMap<string, ListedFile>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const isAsListed = async (place: IsoPlace | undefined, { bytes, sha256 }: ListedFile) =>
    place?.bytes === bytes && (await isoFileDigest(iso, place)) === sha256;
  const changed: string[] = [];
  for (const [path, file] of listed) {
    signal.throwIfAborted();
    if (!(await isAsListed(places.get(path), file))) {
      changed.push(path);
    }
  }
  return changed;
}

function mib(files: readonly ListedFile[]): string {
  return (files.reduce((sum, { bytes }) => sum + bytes, 0) / MIB).toFixed(0);
}

function untrusted({ code, message, why }: MicroLinuxError): MicroLinuxError {
  return new MicroLinuxError({
    ...{ code, message, why },
    hint: 'sign it with a trusted key (docs/guides/signing.md), or name the key to judge by: --public-key FILE',
    exitCode: ExitCode.rejected,
  });
}

function damaged(iso: string, changed: readonly string[]): MicroLinuxError {
  return new MicroLinuxError({
    code: 'medium-damaged',
    message: `${changed.length} files of ${iso} are not what was signed`,
    why: changed.join('\n'),
    hint: 'get the ISO again, or make it again: ./micro-linux iso',
    exitCode: ExitCode.rejected,
  });
}
