import { writeFile } from 'node:fs/promises';
import { compressImage, type Payload } from '@micro-linux/update-image/write';
import { moduleCommand } from '../../plan/module-command.ts';

export interface PayloadOptions {
  /** The slot image. */
  readonly image: string;
  /** zstd level, 1–22. */
  readonly level: number;
  /** Length of a chunk, which is compressed on its own. */
  readonly chunkBytes: number;
  /** Receives the concatenated zstd frames. */
  readonly frames: string;
  /** Receives JSON of a {@link Payload}. */
  readonly about: string;
}

export async function writePayload(
  { image, frames, about, level, chunkBytes }: PayloadOptions,
  watch: Pick<Parameters<typeof compressImage>[0], 'signal' | 'onProgress'> = {},
): Promise<Payload> {
  const payload = await compressImage({ image, output: frames, level, chunkBytes, ...watch });
  await writeFile(about, JSON.stringify(payload));
  return payload;
}

/** The command that does what {@link writePayload} does. */
export function payloadCommand(options: PayloadOptions): string {
  const { image, level, chunkBytes, frames, about } = options;
  return moduleCommand(import.meta.filename, [image, level, chunkBytes, frames, about]);
}

if (import.meta.main) {
  const [image = '', level, chunkBytes, frames = '', about = ''] = process.argv.slice(2);
  const [asLevel, asBytes] = [Number(level), Number(chunkBytes)];
  await writePayload({ image, level: asLevel, chunkBytes: asBytes, frames, about });
}
