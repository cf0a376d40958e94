import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { MicroLinuxError, reasonOf } from '@micro-linux/core';
import { readBuildRecord } from '../../artifacts/build-record.ts';
import { latestName } from '../../output/build-name.ts';
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
    // Its login is in the folder of the file itself.
    return realpath(path);
  }
  const disks = await disksIn(artifacts, profile);
  const newest = disks.toSorted((one, other) => other.modified - one.modified)[0];
  if (!newest) {
    throw missing(
      profile === undefined
        ? `no image has been built yet: ${artifacts} has no disk called micro-linux-*`
        : `no image of ${profile} has been built yet: ${artifacts} has no disk called ${latestName(profile)}.*`,
      profile,
    );
  }
  const record = await readBuildRecord(artifacts);
  const built = new Set(record?.artifacts.map(({ file }) => file));
  const isBuilt = ({ path }: Disk) => built.has(basename(path));
  const ofSameBuild = disks.filter((disk) => isBuilt(disk) && isBuilt(newest));
  return (ofSameBuild[0] ?? newest).path;
}

/** A disk in the artifacts directory. */
interface Disk {
  /** Of the file itself; the names in the directory may be links. */
  readonly path: string;
  readonly modified: number;
}

/** The order of formats to boot: those that must be decompressed come last. */
const FORMATS = [
  ...DISK_FORMAT_NAMES.filter((name) => isDisk(name)),
  ...DISK_FORMAT_NAMES.filter((name) => !isDisk(name)),
];

/** In the order of {@link FORMATS}. */
async function disksIn(artifacts: string, profile: string | undefined): Promise<readonly Disk[]> {
  const files: readonly string[] = await readdir(artifacts).catch(() => []);
  const names = FORMATS.flatMap((format) => {
    const end = `.${DISK_FORMATS[format].suffix}`;
    return files.filter((file) => {
      const base = file.slice(0, -end.length);
      const isOurs =
        profile === undefined ? /^micro-linux-[\w-]+$/.test(base) : base === latestName(profile);
      return file.endsWith(end) && isOurs;
    });
  });
  const disks = await Promise.all(
    names.map(async (name): Promise<Disk | undefined> => {
      // The build that a link leads to may have been removed.
      const found = await realpath(join(artifacts, name)).catch(() => undefined);
      const path = found && (await unpacked(found));
      return path === undefined ? undefined : { path, modified: (await stat(path)).mtimeMs };
    }),
  );
  return disks.filter((disk) => disk !== undefined);
}

/** What a user has decompressed a disk to, if there is that; otherwise the disk itself. */
async function unpacked(path: string): Promise<string> {
  const [packed, raw] = [DISK_FORMATS['raw.zst'].suffix, DISK_FORMATS.raw.suffix];
  const other = path.endsWith(packed) ? `${path.slice(0, -packed.length)}${raw}` : path;
  return (await stat(other).catch(() => undefined))?.isFile() ? other : path;
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
