import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ExitCode, MicroLinuxError, SlotPath } from '@micro-linux/core';
import type { Manifest } from '@micro-linux/update-image';

/** Without these GRUB cannot start a slot. */
const NEEDED = [SlotPath.kernel, SlotPath.initrd, SlotPath.grubSlotConfig] as const;
const MAX_LINKS = 8;

/**
 * Checks that a slot has the files it needs to boot, and is the image that its manifest describes.
 *
 * @param root where the slot is mounted.
 * @throws MicroLinuxError `slot-incomplete`, `slot-mismatch`, exit code 5: the image itself is bad.
 */
export function inspectSlot(root: string, manifest: Manifest): void {
  const missing = NEEDED.filter((path) => !hasContent(root, path));
  if (missing.length > 0) {
    throw new MicroLinuxError({
      code: 'slot-incomplete',
      message: `the image of ${manifest.version} cannot boot`,
      why: missing.map((path) => `${path} is missing or empty`).join('\n'),
      hint: 'the image was built wrong: build it again',
      exitCode: ExitCode.rejected,
    });
  }
  const image = readImage(root);
  const wrong = (['version', 'compatible', 'buildId'] as const).filter(
    (name) => image[name] !== manifest[name],
  );
  if (wrong.length > 0) {
    throw new MicroLinuxError({
      code: 'slot-mismatch',
      message: 'the image is not the one its manifest describes',
      why: wrong
        .map((name) => `${name} is ${JSON.stringify(image[name])}, not ${manifest[name]}`)
        .join('\n'),
      hint: 'the update was put together wrong: build it again',
      exitCode: ExitCode.rejected,
    });
  }
}

/** Follows links as the running slot would, never out of the slot. */
function hasContent(root: string, path: string): boolean {
  let inside = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    try {
      const stat = lstatSync(join(root, inside));
      if (!stat.isSymbolicLink()) {
        return stat.isFile() && stat.size > 0;
      }
      // From an absolute path, `..` ends at the slot's own root.
      inside = resolve(dirname(inside), readlinkSync(join(root, inside)));
    } catch {
      return false;
    }
  }
  return false;
}

function readImage(root: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(join(root, SlotPath.imageInfo), 'utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
