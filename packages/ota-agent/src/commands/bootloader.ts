import type { CommonOptions, RegisterCommand } from './context.ts';

interface BootloaderOptions extends CommonOptions {
  readonly dryRun?: boolean;
}

export const registerBootloader: RegisterCommand = (program, context) => {
  program
    .command('bootloader')
    .description('update shim and GRUB on the EFI system partition from the running image')
    .option('--dry-run', 'print what would be replaced; write nothing')
    .addHelpText('after', HELP)
    .action(async (options: BootloaderOptions) => {
      const { reporter, system } = context(options);
      const { withLock } = await import('../lock/lock.ts');
      const { updateBootloader } = await import('../bootloader/update-bootloader.ts');
      const dryRun = options.dryRun === true;
      const result = await withLock(
        {
          directory: system.paths.run,
          purpose: 'bootloader',
          pid: process.pid,
          waitSeconds: WAIT_SECONDS,
        },
        () => updateBootloader(system, { dryRun }),
      );
      const names = result.replaced.join(', ');
      reporter.result(
        names === ''
          ? 'shim and GRUB are already those of this image'
          : `${dryRun ? 'would replace' : 'replaced'} ${names}`,
        { ...result, dryRun },
      );
    });
};

/** mark-boot and health may still hold the lock when the unit starts. */
const WAIT_SECONDS = 60;

const HELP = `
Called by ota-agent-bootloader.service after each boot that is confirmed. It does nothing when the
programs are the same. A power cut does no harm: one write of one sector switches from the old programs
to the new ones. Revocation levels (SBAT) never decrease, and with Secure Boot a shim that the firmware
would not start is refused. BIOS boot code and grub.cfg stay as they are.`;
