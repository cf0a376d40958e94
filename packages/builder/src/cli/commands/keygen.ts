import type { CommonOptions, RegisterCommand } from './register-command.ts';

/** `keygen`: makes a key pair for updates. */
export const registerKeygen: RegisterCommand = (program, context) => {
  program
    .command('keygen')
    .argument(
      '[file]',
      'private key to write; the public key goes next to it (default: keys/signing.pem)',
    )
    .description('make an Ed25519 key pair for signing updates; never replaces a file')
    .action(async (file: string | undefined, options: CommonOptions) => {
      const { runKeygen } = await import('../../jobs/keygen/run-keygen.ts');
      await runKeygen(context(options), file);
    });
};
