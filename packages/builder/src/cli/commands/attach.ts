import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { AttachOptions } from '../../jobs/update/run-attach.ts';
import type { CommonOptions, RegisterCommand } from './register-command.ts';
import { takeLast } from './take-last.ts';

/** `attach`: adds signatures made elsewhere to an update or an ISO. */
export const registerAttach: RegisterCommand = (program, context) => {
  program
    .command('attach')
    .argument('[file]', 'update.img or an ISO, signed or not')
    .requiredOption('--signature <file...>', 'signature of the manifest: 64 bytes, or base64')
    .requiredOption('--public-key <file...>', 'public keys to check the signatures with')
    .option('--output <file>', 'where the signed file goes (default: in place)')
    .description('put signatures made elsewhere into an update.img or ISO; each is checked first')
    .action(async (update: string | undefined, options: AttachOptions & CommonOptions) => {
      const [{ runAttach }, { isUpdate }, { isIso }, { resolve }] = await Promise.all([
        import('../../jobs/update/run-attach.ts'),
        import('../../jobs/inspect/is-update.ts'),
        import('../../steps/medium/iso-file.ts'),
        import('node:path'),
      ]);
      const called = context(options);
      const isTaken = async (file: string) => {
        const path = resolve(called.cwd, file);
        return (await isUpdate(path)) || (await isIso(path));
      };
      const byKey = await takeLast(update, options.publicKey, isTaken);
      const bySignature = await takeLast(byKey.argument, options.signature, isTaken);
      if (bySignature.argument === undefined) {
        throw new MicroLinuxError({
          code: 'usage',
          message: 'no update or ISO was given',
          hint: './micro-linux attach FILE --signature FILE --public-key FILE',
          exitCode: ExitCode.usage,
        });
      }
      await runAttach(called, bySignature.argument, {
        ...options,
        publicKey: byKey.values ?? [],
        signature: bySignature.values ?? [],
      });
    });
};
