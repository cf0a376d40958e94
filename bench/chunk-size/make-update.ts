import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestFor } from '@micro-linux/update-image/testing';
import {
  compressImage,
  encodeManifest,
  type Payload,
  writeUpdate,
} from '@micro-linux/update-image/write';
import { type Spent, spent } from './samples.ts';

export interface MadeUpdate {
  readonly file: string;
  readonly bytes: number;
  readonly headBytes: number;
  readonly compress: Spent;
}

/** Makes an update of `image`, in `scratch`; nobody signs it. */
export async function makeUpdate(options: {
  readonly image: string;
  readonly scratch: string;
  readonly chunkBytes: number;
  readonly level: number;
}): Promise<MadeUpdate> {
  const { image, scratch, chunkBytes, level } = options;
  const payload = join(scratch, 'payload');
  const file = join(scratch, `${chunkBytes}.img`);
  const made: Payload[] = [];
  const compress = await spent(async () => {
    made.push(await compressImage({ image, output: payload, level, chunkBytes }));
  });
  const [about] = made;
  if (!about) {
    throw new Error('nothing was compressed');
  }
  const manifestBytes = encodeManifest(manifestFor(about));
  await writeUpdate({ output: file, payload, manifestBytes, signatures: [] });
  return { file, bytes: (await stat(file)).size, headBytes: manifestBytes.length, compress };
}
