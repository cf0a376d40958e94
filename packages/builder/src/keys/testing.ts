import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reporter } from '@micro-linux/core';
import { generateKeyPair } from '@micro-linux/update-image/write';
import type { UpdateConfig } from '../config/config.ts';

/** For tests: a directory with key files in it. */
export interface KeyFolder {
  readonly path: string;
  /** Writes `<name>.pem` (mode 0600) and `<name>.pub.pem`. */
  pair(name: string): Promise<TestPair>;
  remove(): Promise<void>;
}

export interface TestPair {
  readonly keyId: string;
  readonly privateKey: string;
  readonly publicKey: string;
  readonly privatePem: string;
  readonly publicPem: string;
}

/** For tests: makes a {@link KeyFolder}. */
export async function keyFolder(): Promise<KeyFolder> {
  const path = await mkdtemp(join(tmpdir(), 'keys-'));
  return {
    path,
    async pair(name) {
      const pair = generateKeyPair();
      const [privateKey, publicKey] = [join(path, `${name}.pem`), join(path, `${name}.pub.pem`)];
      await writeFile(privateKey, pair.privatePem, { mode: 0o600 });
      await writeFile(publicKey, pair.publicPem);
      return { ...pair, privateKey, publicKey };
    },
    remove: () => rm(path, { recursive: true }),
  };
}

/** For tests: the `update` section with defaults for what is not given. */
export function updateConfig(folder: string, given: Partial<UpdateConfig> = {}): UpdateConfig {
  return {
    rollbackIndex: 0,
    trustedKeys: [],
    revokedKeys: [],
    signingKey: undefined,
    signCommand: undefined,
    signingPublicKey: undefined,
    threshold: 1,
    compressionLevel: 1,
    minimumAgent: undefined,
    developmentKey: join(folder, 'keys/development.pem'),
    ...given,
  };
}

/** For tests: records the messages it gets. */
export function listeningReporter(): Reporter & { readonly said: string[] } {
  const said: string[] = [];
  return {
    said,
    info: (message) => void said.push(message),
    warn: (message) => void said.push(`warning: ${message}`),
    result: (human) => void said.push(human),
    step: () => ({ progress() {}, done() {}, cached() {}, failed() {} }),
  };
}
