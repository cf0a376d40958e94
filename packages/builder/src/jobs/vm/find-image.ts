import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MicroLinuxError, reasonOf } from '@micro-linux/core';
import { readBuildRecord } from '../../artifacts/build-record.ts';
import { DISK_FORMAT_NAMES, DISK_FORMATS, isDisk } from '../../output/disk-formats.ts';
import { requireReadableFile } from '../../system/files/require-file.ts';

/** What the user asked to boot. */
export interface ImageChoice {
  /** A path; the newest artifact by default. */
  readonly image?: string | undefined;
  /** Only this profile's artifact. */
  readonly profile?: string | undefined;
  readonly artifacts: string;
  readonly cwd: string;
}

/**
 * Finds the image to boot. Without a name: the newest disk, in the first format of `DISK_FORMATS`
 * from the same build.
 *
 * @returns An absolute path. A compressed disk, if the last build made no other.
 * @throws MicroLinuxError `image-missing`.
 */
export async function findImage({ image, profile, artifacts, cwd }: ImageChoice): Promise<string> {
  if (image !== undefined) {
    const path = resolve(cwd, image);
    await requireReadableFile(path).catch((cause: unknown) => {
      throw missing(`the image ${image} cannot be used`, profile, cause);
    });
    return path;
  }
  const disks = await disksIn(artifacts, profile);
  const newest = disks.toSorted((one, other) => other.modified - one.modified)[0];
  if (!newest) {
    throw missing(
      profile === undefined
        ? `no image has been built yet: ${artifacts} has no disk called micro-linux-*`
        : `no image of ${profile} has been built yet: ${artifacts} has no disk called micro-linux-${profile}.*`,
      profile,
    );
  }
  const record = await readBuildRecord(artifacts);
  const built = new Set(record?.artifacts.map(({ file }) => file));
  const ofSameBuild = disks.filter(({ name }) => built.has(name) && built.has(newest.name));
  return join(artifacts, (ofSameBuild[0] ?? newest).name);
}

/** A disk in the artifacts directory. */
interface Disk {
  readonly name: string;
  readonly modified: number;
}

/** The order of formats to boot: those that must be decompressed come last. */
const FORMATS = [
  ...DISK_FORMAT_NAMES.filter((name) => isDisk(name)),
  ...DISK_FORMAT_NAMES.filter((name) => !isDisk(name)),
];

/** In the order of {@link FORMATS}; without those that are already decompressed. */
async function disksIn(artifacts: string, profile: string | undefined): Promise<readonly Disk[]> {
  const files: readonly string[] = await readdir(artifacts).catch(() => []);
  const names = FORMATS.flatMap((format) => {
    const end = `.${DISK_FORMATS[format].suffix}`;
    return files.filter((file) => {
      const base = file.slice(0, -end.length);
      const isOurs =
        profile === undefined
          ? /^micro-linux-[\w-]+$/.test(base)
          : base === `micro-linux-${profile}`;
      const isUnpacked = !isDisk(format) && files.includes(`${base}.${DISK_FORMATS.raw.suffix}`);
      return file.endsWith(end) && isOurs && !isUnpacked;
    });
  });
  return Promise.all(
    names.map(async (name) => ({ name, modified: (await stat(join(artifacts, name))).mtimeMs })),
  );
}

function missing(message: string, profile: string | undefined, cause?: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'image-missing',
    message,
    why: cause === undefined ? undefined : reasonOf(cause),
    hint: `./micro-linux build${profile === undefined ? '' : ` --profile ${profile}`}`,
    cause,
  });
}
