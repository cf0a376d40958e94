import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MicroLinuxError, type Runner } from '@micro-linux/core';

/** A key that exists while the callback of {@link withSigningKey} runs. */
export interface SigningKey {
  readonly fingerprint: string;
  /** Writes the public key as a binary keyring for apt's `signed-by`; mode 0644. */
  exportKeyring(file: string): Promise<void>;
  /** Release → InRelease. */
  clearSign(input: string, output: string): Promise<void>;
  /** Release → Release.gpg. */
  detachSign(input: string, output: string): Promise<void>;
}

/**
 * Creates an OpenPGP key in a private GNUPGHOME, passes it to the callback, and deletes it: nothing
 * can be signed with it afterwards.
 */
export async function withSigningKey<T>(
  run: Runner,
  use: (key: SigningKey) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  // Directly below the temporary directory: the agent's socket path must stay below 108 bytes.
  const home = await mkdtemp(join(tmpdir(), 'gpg-'));
  const env = { GNUPGHOME: home, LC_ALL: 'C.UTF-8' };
  const gpg = (...args: string[]) =>
    run('gpg', ['--batch', '--quiet', '--no-tty', '--yes', ...args], { env, signal });
  try {
    await gpg(
      ...['--pinentry-mode', 'loopback', '--passphrase', ''],
      ...['--quick-generate-key', 'micro-linux stand-in archive (throw-away)'],
      ...['ed25519', 'sign', 'never'],
    );
    const { stdout } = await gpg('--with-colons', '--list-secret-keys');
    const fingerprint = /^fpr:(?:[^:]*:){8}([0-9A-F]+):/m.exec(stdout)?.[1];
    if (!fingerprint) {
      throw new MicroLinuxError({ code: 'stand-in-key', message: 'gpg made no key', why: stdout });
    }
    const sign = ['--local-user', fingerprint, '--digest-algo', 'SHA512'];
    return await use({
      fingerprint,
      async exportKeyring(file) {
        await gpg('--output', file, '--export', fingerprint);
        await chmod(file, 0o644);
      },
      async clearSign(input, output) {
        await gpg(...sign, '--output', output, '--clear-sign', input);
      },
      async detachSign(input, output) {
        await gpg(...sign, '--armor', '--output', output, '--detach-sign', input);
      },
    });
  } finally {
    // Without the caller's signal: the gpg agent must also be stopped after a cancellation.
    await run('gpgconf', ['--kill', 'all'], { env }).catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  }
}
