import type { CommonOptions, RegisterCommand } from './register-command.ts';

/** `keygen`: a pair of keys for updates. */
export const registerKeygen: RegisterCommand = (program, context) => {
  program
    .command('keygen')
    .argument('[file]', 'private key to write; its public half goes beside it (keys/signing.pem)')
    .description('make an Ed25519 pair of keys that signs updates; never replaces a file')
    .action(async (file: string | undefined, options: CommonOptions) => {
      const { runKeygen } = await import('../keys/run-keygen.ts');
      await runKeygen(context(options), file);
    });
};
