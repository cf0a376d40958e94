import { readRegularFile } from '../state/read-file.ts';
/** The builder's description of an image; a text is undefined when the file lacks it. */
export interface ImageInfo {
  readonly profile: string | undefined;
  readonly version: string | undefined;
  readonly compatible: string | undefined;
  readonly buildId: string | undefined;
  readonly kernel: string | undefined;
  /** Once this image was healthy, no image with a lower index is accepted. */
  readonly rollbackIndex: number;
}

/** Reads the image's description. Never throws: a device without it must still boot. */
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
