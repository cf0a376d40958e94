import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ExitCode, GIB, MIB, MicroLinuxError, run, SECTOR_BYTES } from '@micro-linux/core';
import { type BuildRecord, readBuildRecord } from '../../artifacts/build-record.ts';
import { BUILD_RECORD_FILE, directories } from '../../output/directories.ts';
import { DISK_FORMATS, isDisk } from '../../output/disk-formats.ts';
import { productLines } from '../../output/report/product-lines.ts';
import { renderSizeReport } from '../../output/report/size-report.ts';
import { fileDigest } from '../../plan/digest.ts';
import { isIso } from '../../steps/medium/iso-file.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { requireReadableFile } from '../../system/files/require-file.ts';
import { refusePacked } from '../../vm/packed-image.ts';
import { inspectMedium } from './inspect-medium.ts';
import { inspectTrust, namesKeys, type TrustOptions } from './inspect-trust.ts';
import { inspectUpdate } from './inspect-update.ts';
import { isUpdate } from './is-update.ts';
import { type DiskFacts, readDisk } from './read-disk.ts';

export interface InspectOptions extends TrustOptions {
  readonly artifacts?: string;
  readonly packages?: boolean;
}

/** Facts about an image file, from the file and from build.json in the same folder. */
interface Inspection {
  readonly image: string;
  readonly disk: DiskFacts;
  readonly record: BuildRecord | undefined;
  /** Whether the file matches build.json; undefined if that has no record of it. */
  readonly unchanged: boolean | undefined;
}

/** Share of a slot above which updates soon will not fit. */
const TIGHT = 0.8;

/** `inspect`: shows what a disk image, an update or an ISO contains; returns the exit code. */
export async function inspect(
  context: CommandContext,
  path: string | undefined,
  options: InspectOptions,
): Promise<number> {
  const places = directories(context.root, context.env, {
    artifacts: options.artifacts,
    cwd: context.cwd,
  });
  // A file that was named is read, even if what is inspected has no signature.
  const named = namesKeys(options) ? await inspectTrust(context, options) : undefined;
  const trust = async () => named ?? (await inspectTrust(context, options));
  const given = path ? resolve(context.cwd, path) : await lastImage(places.artifacts);
  await requireReadableFile(given);
  // build.json is next to the file itself.
  const image = await realpath(given);
  if (await isUpdate(image)) {
    return inspectUpdate(context, image, await trust());
  }
  if (await isIso(image)) {
    return inspectMedium(context, image, await trust());
  }
  await refusePacked(image);
  const disk = await readDisk(image, places.temporary, run, context.signal);
  const record = await readBuildRecord(dirname(image));
  const artifact = record?.artifacts.find(({ file }) => file === basename(image));
  const inspection: Inspection = {
    image,
    disk,
    record: artifact ? record : undefined,
    unchanged: artifact && (await fileDigest(image, context.signal)) === artifact.sha256,
  };
  const tight =
    inspection.record && inspection.record.slot.bytes > TIGHT * inspection.record.slotBytes;
  if (tight) {
    context.reporter.warn(
      'the slot image fills more than 80 % of its slot: later versions may not fit',
    );
  }
  if (inspection.unchanged === false) {
    context.reporter.warn(`${image} is not the file build.json describes: it was changed since`);
  }
  context.reporter.result(render(inspection, options), inspection);
  return ExitCode.done;
}

async function lastImage(artifacts: string): Promise<string> {
  const record = await readBuildRecord(artifacts);
  const found = record?.artifacts ?? [];
  // If there is only a compressed disk, the error shows the command that decompresses it.
  const disk =
    found.find(({ kind }) => isDisk(kind)) ?? found.find(({ kind }) => kind in DISK_FORMATS);
  const file = disk?.file;
  if (!file) {
    throw noImage(artifacts);
  }
  return join(dirname(await realpath(join(artifacts, BUILD_RECORD_FILE))), file);
}

function render({ image, disk, record, unchanged }: Inspection, options: InspectOptions): string {
  return [
    `${image}`,
    `  ${disk.format}, ${(disk.virtualBytes / GIB).toFixed(1)} GiB for the guest, ${(disk.actualBytes / MIB).toFixed(0)} MiB on this disk`,
    ...(record
      ? [
          `  ${record.profile} ${record.version} (${record.compatible}), ${record.kernel}, built ${record.builtAt}`,
          `  build id ${record.buildId}`,
          `  slot image ${(record.slot.bytes / MIB).toFixed(0)} of ${(record.slotBytes / MIB).toFixed(0)} MiB, sha256 ${record.slot.sha256}`,
          `  file is ${unchanged ? 'as it was built' : 'CHANGED since it was built'}`,
        ]
      : ['  there is no build.json next to it that says what it was made from']),
    'partitions:',
    ...disk.partitions.map(
      ({ number, name, startSector, sectors, uuid }) =>
        `  ${String(number).padStart(2)} ${name.padEnd(6)} ${mib(startSector).padStart(6)} MiB + ${mib(sectors).padStart(6)} MiB  ${uuid}`,
    ),
    ...(record ? productLines(record.product) : []),
    ...(record ? ['what uses the space:', renderSizeReport(record.sizes)] : []),
    ...(record && options.packages
      ? ['packages:', ...record.packages.map(({ name, version }) => `  ${name} ${version}`)]
      : []),
  ].join('\n');
}

function mib(sectors: number): string {
  return ((sectors * SECTOR_BYTES) / MIB).toFixed(0);
}

/** The error for a command that needs an image if none was built yet. */
function noImage(artifacts: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'image-missing',
    message: `there is no image in ${artifacts} yet`,
    hint: './micro-linux build',
    details: { artifacts },
  });
}
