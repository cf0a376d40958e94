import type { RegisterCommand } from './context.ts';
import { installWorld, reportDone, reportPlan } from './install.ts';
import { addProgressOption, type ProgressFlags } from './progress-option.ts';

interface RescueFlags extends ProgressFlags {
  readonly medium: string;
  readonly keys?: string;
  readonly disk?: string;
  readonly espOnly?: boolean;
  readonly dryRun?: boolean;
}

export const registerRescue: RegisterCommand = (program, context) => {
  addProgressOption(
    program
      .command('rescue')
      .description(
        'make an installed disk bootable again from the installation medium; keeps its data',
      )
      .option('--medium <directory>', 'where the medium is mounted', '/cdrom')
      .option('--keys <directory>', 'additional trusted public keys (*.pem)')
      .option('--disk <device>', 'the disk (default: the only one with our partitions)')
      .option('--esp-only', 'leave slot A as it is; it must be complete')
      .option('-n, --dry-run', 'check everything and print the plan; change nothing'),
  )
    .addHelpText('after', HELP)
    .action(async (flags: RescueFlags) => {
      const { carryOut, prepareRescue } = await import('../install/install.ts');
      const command = context(flags);
      const world = await installWorld(flags, command);
      const plan = await prepareRescue(world, {
        medium: flags.medium,
        disk: flags.disk,
        slot: flags.espOnly !== true,
      });
      if (flags.dryRun === true) {
        await reportPlan(plan, true, command);
        return;
      }
      await carryOut(world, plan, false);
      await reportDone(plan, 'none', command);
    });
};

const HELP = `
Writes the ESP with a fresh GRUB environment, GRUB for BIOS and, unless --esp-only is given, slot A
from the medium. Slot A boots from then on. Slot B does not change. On the data partition, only
the agent's record of what is in slot A changes.

Exit codes are those of ota-agent install.`;
