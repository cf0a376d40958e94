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
    .description('confirm the running slot: it is healthy, boot it from now on')
    .option('--bad', 'condemn the running slot instead: the next boot is the other one’s')
    .option('--reason <text>', 'with --bad: what is wrong with it')
    .option('--reboot', 'with --bad: restart at once')
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

/** Short beside the shortest deadline of a trial, which is 30 s. */
const WAIT_SECONDS = 10;

const HELP = `
Called by ota-agent-mark-boot.service once boot-complete.target is reached. By hand it says "this
boot is good", whatever the health checks found. It also settles a trial: an update that came back
is written into the history with the reason, and is not applied again without --retry. While
another ota-agent is at work it waits a while, and then does without: a boot that is not confirmed
yet is confirmed, one that is stays as it is.

An image whose rollback index is below the highest that was healthy here is not confirmed
(image-too-old, exit 5): it may have holes that were closed since. It runs on. Apply a newer update, or
restart if the other slot is the newer one. --accept-older-index confirms it for this boot only, so
that an update can be applied; index, revoked keys and number of signatures stay as high as they are.

With --bad the running slot is not started any more unless somebody picks it at the console, and
its image is not applied again without --retry; refused when the other slot is not ok. Ends with 4
when the machine has to be restarted.`;

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
    reporter.warn(`${path} was damaged and has been written anew`);
  }
  const trial = judgement.outcome === 'none' ? undefined : judgement.trial;
  const reason = judgement.outcome === 'failed' ? judgement.reason.summary : null;
  if (trial && reason !== null) {
    reporter.warn(`version ${trial.version} in slot ${trial.slot} came back: ${reason}`);
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
