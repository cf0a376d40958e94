import { MicroLinuxError } from '@micro-linux/core';
import { exists } from '../system/files/exists.ts';
import { type PrivateKeyFile, readPrivateKeyFile } from './read-key-file.ts';
import { publicKeyPath, writeKeyPair, writePublicHalf } from './write-key-pair.ts';

/** The key that signs and is trusted if no key is configured. */
export interface DevelopmentKey extends PrivateKeyFile {
  /** Made just now. */
  readonly made: boolean;
}

/**
 * The development key; created if there is none yet.
 *
 * @param create false: undefined if there is none, and nothing is written.
 * @throws MicroLinuxError as `readPrivateKeyFile` and `writeKeyPair`.
 */
export async function developmentKey(
  path: string,
  create: boolean,
): Promise<DevelopmentKey | undefined> {
  const found = await readIfThere(path);
  if (found) {
    if (create && !(await exists(publicKeyPath(path)))) {
      await writePublicHalf(path, found.publicPem);
    }
    return { ...found, made: false };
  }
  if (!create) {
    return undefined;
  }
  try {
    await writeKeyPair(path);
    return { ...(await readPrivateKeyFile(path)), made: true };
  } catch (error) {
    // Another build may have made it in the meantime.
    const theirs = await readIfThere(path);
    if (theirs) {
      return { ...theirs, made: false };
    }
    throw error;
  }
}

async function readIfThere(path: string): Promise<PrivateKeyFile | undefined> {
  try {
    return await readPrivateKeyFile(path);
  } catch (error) {
    if (error instanceof MicroLinuxError && error.code === 'key-missing') {
      return undefined;
    }
    throw error;
  }
}
