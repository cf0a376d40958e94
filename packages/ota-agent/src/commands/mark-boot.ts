import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { CommandContext, CommonOptions, RegisterCommand } from './context.ts';

interface MarkBootOptions extends CommonOptions {
  readonly bad?: boolean;
  readonly reason?: string;
  readonly reboot?: boolean;
  readonly acceptOlderIndex?: boolean;
}

export const registerMarkBoot: RegisterCommand = (program, context, setExitCode) => {
  program
    .command('mark-boot')
    .description('confirm the running slot as healthy, so that it keeps booting')
    .option('--bad', 'condemn the running slot instead: the next boot starts the other one')
    .option('--reason <text>', 'with --bad: what is wrong with it')
    .option('--reboot', 'with --bad: restart immediately')
    .option(
      '--accept-older-index',
      'confirm this boot although its image is below the rollback index',
    )
    .addHelpText('after', HELP)
    .action(async (options: MarkBootOptions) => {
      if (options.bad && options.acceptOlderIndex !== true) {
        await condemn(context(options), options, setExitCode);
        return;
      }
      if (options.bad || options.reason !== undefined || options.reboot) {
        throw new MicroLinuxError({
          code: 'usage',
          message: options.bad
            ? '--bad and --accept-older-index do not go together'
            : '--reason and --reboot go with --bad',
          exitCode: ExitCode.usage,
        });
      }
      await confirm(context(options), options.acceptOlderIndex === true);
    });
};

/** Short compared with the shortest deadline of a trial, 30 s. */
const WAIT_SECONDS = 10;

const HELP = `
Called by ota-agent-mark-boot.service once boot-complete.target is reached. Run by hand, it
confirms this boot whatever the health checks found. It also records how a trial ended: an update that
was rolled back is written to the history with the reason, and is not applied again without --retry.
If another ota-agent is running, it waits for a while and then goes on without the lock: it confirms a
boot that is not confirmed yet, and changes nothing otherwise.

An image whose rollback index is below the highest that was healthy here is not confirmed
(image-too-old, exit code 5): it may have security holes that are fixed now. It keeps running. Apply a
newer update, or restart if the other slot is newer. --accept-older-index confirms it for this boot
only, so that an update can be applied; the index, revoked keys and number of signatures do not change.

With --bad, the running slot is no longer started unless somebody picks it at the console, and its image
is not applied again without --retry. This is refused when the other slot is not ok. Exit code 4: the
machine must be restarted.`;

async function confirm(
  { reporter, system }: CommandContext,
  acceptOlderIndex: boolean,
): Promise<void> {
  const { markBootAlone } = await import('../mark-boot/mark-boot-alone.ts');
  const { slot, written, repaired, judgement, problems } = await markBootAlone(
    system,
    { pid: process.pid, waitSeconds: WAIT_SECONDS },
    { acceptOlderIndex },
  );
  for (const problem of problems) {
    reporter.warn(problem);
  }
  for (const path of repaired) {
    reporter.warn(`${path} was damaged and has been rewritten`);
  }
  const trial = judgement.outcome === 'none' ? undefined : judgement.trial;
  const reason = judgement.outcome === 'failed' ? judgement.reason.summary : null;
  if (trial && reason !== null) {
    reporter.warn(`version ${trial.version} in slot ${trial.slot} was rolled back: ${reason}`);
  }
  reporter.result(
    written.length === 0 ? `slot ${slot} was confirmed already` : `slot ${slot} is confirmed`,
    {
      slot,
      written,
      repaired,
      trial: judgement.outcome,
      trialVersion: trial?.version ?? null,
      trialReason: reason,
      problems,
    },
  );
}

async function condemn(
  { reporter, system }: CommandContext,
  options: MarkBootOptions,
  setExitCode: (code: number) => void,
): Promise<void> {
  const { withLock } = await import('../lock/lock.ts');
  const { markBootBad } = await import('../mark-boot/mark-boot-bad.ts');
  const reason = options.reason ?? 'somebody condemned it';
  const { slot, next, version } = await withLock(
    { directory: system.paths.run, purpose: 'mark-boot --bad', pid: process.pid },
    () => markBootBad(system, reason),
  );
  const reboots = options.reboot === true;
  if (reboots) {
    await system.reboot();
  } else {
    setExitCode(ExitCode.rebootNeeded);
  }
  reporter.result(
    `slot ${slot} is condemned; slot ${next} boots ${reboots ? 'now' : 'at the next restart'}`,
    { slot, next, version, reason, rebooting: reboots },
  );
}
