import { resolve } from 'node:path';
import { publicKeyPath, writeKeyPair } from '../../keys/write-key-pair.ts';
import type { CommandContext } from '../../system/command-context.ts';

/** The default path of a key, relative to the current folder. */
export const DEFAULT_KEY_FILE = 'keys/signing.pem';

/** `keygen`: makes a pair of keys and says how to use it. */
export async function runKeygen(context: CommandContext, file = DEFAULT_KEY_FILE): Promise<void> {
  const pair = await writeKeyPair(resolve(context.cwd, file));
  context.reporter.result(
    [
      `key id ${pair.keyId}`,
      `  private key: ${pair.privateKey} (only its owner may read it; without it you cannot sign updates)`,
      `  public key:  ${pair.publicKey}`,
      ...(pair.gitignore === undefined ? [] : [`  git ignores the private key: ${pair.gitignore}`]),
      'in micro-linux.yaml:',
      '  update:',
      `    trustedKeys: [${publicKeyPath(file)}]`,
      `    signingKey: ${file}`,
    ].join('\n'),
    pair,
  );
}
