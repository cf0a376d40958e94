import { readRegularFile } from '../state/read-file.ts';
/** What the builder wrote about an image; each text is undefined when the file does not tell. */
export interface ImageInfo {
  readonly profile: string | undefined;
  readonly version: string | undefined;
  readonly compatible: string | undefined;
  readonly buildId: string | undefined;
  readonly kernel: string | undefined;
  /** Once this image was healthy, none with a lower index is taken any more. */
  readonly rollbackIndex: number;
}

/** Reads the image's description. Never throws: a device that lost it still has to boot. */
export function readImageInfo(path: string): ImageInfo {
  const info = parse(path);
  const text = (name: string): string | undefined => {
    const value = info[name];
    return typeof value === 'string' ? value : undefined;
  };
  const index = info['rollbackIndex'];
  return {
    profile: text('profile'),
    version: text('version'),
    compatible: text('compatible'),
    buildId: text('buildId'),
    kernel: text('kernel'),
    rollbackIndex:
      typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 ? index : 0,
  };
}

function parse(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readRegularFile(path).toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
