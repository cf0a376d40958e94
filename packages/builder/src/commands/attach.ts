import type { AttachOptions } from '../update/run-attach.ts';
import type { CommonOptions, RegisterCommand } from './context.ts';

/** `attach`: signatures made elsewhere into an update. */
export const registerAttach: RegisterCommand = (program, context) => {
  program
    .command('attach')
    .argument('<update>', 'update.img, signed or not')
    .requiredOption('--signature <file...>', 'signature of the manifest: 64 bytes, or base64')
    .requiredOption('--public-key <file...>', 'public keys to check the signatures with')
    .option('--output <file>', 'where the signed update goes (default: in place)')
    .description('put signatures made elsewhere into update.img; each is checked first')
    .action(async (update: string, options: AttachOptions & CommonOptions) => {
      const { runAttach } = await import('../update/run-attach.ts');
      await runAttach(context(options), update, options);
    });
};
