import { ExitCode } from '@micro-linux/core';
import type { RegisterCommand } from './context.ts';
import { addProgressOption, type ProgressFlags, progressFor } from './progress-option.ts';

interface RollbackFlags extends ProgressFlags {
  readonly reboot: boolean;
}

export const registerRollback: RegisterCommand = (program, context, setExitCode) => {
  addProgressOption(
    program
      .command('rollback')
      .description('roll back to the other slot, if it was healthy: the next boot tries it')
      .option('--no-reboot', 'do not restart the machine when the update is ready'),
  )
    .addHelpText('after', HELP)
    .action(async (flags: RollbackFlags) => {
      const command = context(flags);
      const { reporter, system, signal } = command;
      const { STALL_MS } = await import('../apply/apply.ts');
      const { realEffects } = await import('../effects/effects.ts');
      const { loadConfig } = await import('../config/load-config.ts');
      const { rollback } = await import('../rollback/rollback.ts');
      const { readTrustFloor } = await import('../state/trust-floor.ts');
      const { loadTrust } = await import('../trust/load-trust.ts');
      const config = loadConfig(system.paths.config);
      const result = await rollback({
        system,
        config,
        effects: realEffects(system, config),
        trust: loadTrust(
          system.paths.config,
          config.signatures.threshold,
          readTrustFloor(system.paths.state),
        ),
        progress: await progressFor(flags, command),
        signal,
        stallMs: STALL_MS,
        reboot: flags.reboot,
        pid: process.pid,
      });
      if (!flags.reboot) {
        setExitCode(ExitCode.rebootNeeded);
      }
      reporter.result(
        `slot ${result.slot} with ${result.version} ${
          flags.reboot ? 'is tried now: restarting' : 'is tried at the next boot: systemctl reboot'
        }`,
        { ...result, rebooting: flags.reboot },
      );
    });
};

const HELP = `
The other slot is read and hashed, then armed like an update: it gets one boot. If it does not become
healthy, the machine rolls back to the current one. Files below /etc, /var, /home and /root do not
change: both systems share them.

Refused when the other slot was never healthy (slot-not-ok), when its rollback index is below the
highest that was healthy here (rollback-index), and when it is not what was installed (slot-differs).

Exit codes
  0  done: the machine restarts      4  done; a reboot is needed (--no-reboot)
  1  failed, or the device is not ready    5  refused: rollback index, signature
  6  another ota-agent is running`;
