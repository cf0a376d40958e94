import { readFileSync } from 'node:fs';
import { DEFAULT_BOOT_COUNTER, MAX_TRIES } from '@micro-linux/core';

/** What the builder wrote about an image; each text is undefined when the file does not tell. */
export interface ImageInfo {
  readonly profile: string | undefined;
  readonly version: string | undefined;
  readonly compatible: string | undefined;
  readonly buildId: string | undefined;
  readonly kernel: string | undefined;
  /** What a full boot counter holds on this device, 1 to 7. */
  readonly bootCounter: number;
}

/** Reads the image's description. Never throws: a device that lost it still has to boot. */
export function readImageInfo(path: string): ImageInfo {
  const info = parse(path);
  const text = (name: string): string | undefined => {
    const value = info[name];
    return typeof value === 'string' ? value : undefined;
  };
  const counter = info['bootCounter'];
  return {
    profile: text('profile'),
    version: text('version'),
    compatible: text('compatible'),
    buildId: text('buildId'),
    kernel: text('kernel'),
    bootCounter:
      typeof counter === 'number' &&
      Number.isInteger(counter) &&
      counter >= 1 &&
      counter <= MAX_TRIES
        ? counter
        : DEFAULT_BOOT_COUNTER,
  };
}

function parse(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
