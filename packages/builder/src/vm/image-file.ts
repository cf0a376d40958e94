import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MicroLinuxError, type Runner, reasonOf } from '@micro-linux/core';
import * as z from 'zod';
import { requireReadableFile } from '../files/require-file.ts';

/** A disk image on the host. */
export interface ImageFile {
  /** Absolute. */
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  /** Size of the disk the guest sees, bytes. */
  readonly bytes: number;
}

const infoSchema = z.object({ format: z.enum(['qcow2', 'raw']), 'virtual-size': z.number() });

/** What to boot, as the user said. */
export interface ImageChoice {
  /** A path; without one the newest artifact. */
  readonly image?: string | undefined;
  /** Only this profile's artifact. */
  readonly profile?: string | undefined;
  readonly artifacts: string;
  readonly cwd: string;
}

/**
 * Finds the image to boot.
 *
 * @returns An absolute path.
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
  const names = (await readdir(artifacts).catch(() => [])).filter((name) =>
    profile === undefined
      ? /^micro-linux-[\w-]+\.qcow2$/.test(name)
      : name === `micro-linux-${profile}.qcow2`,
  );
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(artifacts, name);
      return { path, modified: (await stat(path)).mtimeMs };
    }),
  );
  const newest = found.sort((one, other) => other.modified - one.modified)[0];
  if (!newest) {
    throw missing(
      profile === undefined
        ? `no image has been built yet: ${artifacts} has no micro-linux-*.qcow2`
        : `no image of ${profile} has been built yet: ${artifacts} has no micro-linux-${profile}.qcow2`,
      profile,
    );
  }
  return newest.path;
}

/**
 * Asks qemu-img what an image is.
 *
 * @throws MicroLinuxError `image-unreadable`, `tool-missing`, `tool-failed`.
 */
export async function inspectImage(
  path: string,
  { run, signal }: { readonly run: Runner; readonly signal?: AbortSignal | undefined },
): Promise<ImageFile> {
  const unreadable = (why: string | undefined, cause?: unknown) =>
    new MicroLinuxError({
      code: 'image-unreadable',
      message: `${path} is neither a qcow2 nor a raw disk image`,
      why,
      hint: './micro-linux build makes one',
      cause,
    });
  const { stdout } = await run('qemu-img', ['info', '--output=json', path], { signal }).catch(
    (error: unknown) => {
      const isOurs = error instanceof MicroLinuxError && error.code === 'tool-failed';
      throw isOurs ? unreadable(error.why, error) : error;
    },
  );
  const info = infoSchema.safeParse(JSON.parse(stdout));
  if (!info.success) {
    throw unreadable(undefined);
  }
  return { path, format: info.data.format, bytes: info.data['virtual-size'] };
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
