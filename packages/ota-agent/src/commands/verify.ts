import { ExitCode, isSlot, MicroLinuxError, SLOTS, type Slot } from '@micro-linux/core';
import { OfferingOption } from '@micro-linux/core/cli';
import type { SlotVerdict } from '../verify/verify-slots.ts';
import type { CommandContext, RegisterCommand } from './context.ts';
import { addProgressOption, type ProgressFlags, progressFor } from './progress-option.ts';

interface VerifyFlags extends ProgressFlags {
  readonly slot?: string;
}

export const registerVerify: RegisterCommand = (program, context, setExitCode) => {
  addProgressOption(
    program
      .command('verify')
      .description('read both slots from the disk and compare them with their signed manifests')
      .addOption(new OfferingOption('--slot <slot>', 'only this slot, A or B', { offers: SLOTS })),
  )
    .addHelpText('after', HELP)
    .action(async (flags: VerifyFlags) => {
      const command = context(flags);
      const only = checkSlot(flags.slot);
      const verdicts = await verify(only, flags, command);
      const bad = verdicts.filter((slot) => !isFine(slot, only));
      if (bad.length > 0) {
        setExitCode(ExitCode.failed);
      }
      const failure = {
        ok: false,
        code: bad.some(({ verdict }) => verdict === 'differs') ? 'slot-differs' : 'slot-unproved',
        message: bad.map(({ name, problem }) => `slot ${name}: ${problem}`).join('; '),
        exitCode: ExitCode.failed,
      };
      command.reporter.result(verdicts.map(verdictText).join('\n'), {
        slots: verdicts,
        ...(bad.length === 0 ? {} : failure),
      });
    });
};

async function verify(only: Slot | undefined, flags: VerifyFlags, command: CommandContext) {
  const { system, signal } = command;
  const { requireRoot } = await import('../system/require-root.ts');
  const { STALL_MS } = await import('../apply/apply.ts');
  const { loadConfig } = await import('../config/load-config.ts');
  const { withLock } = await import('../lock/lock.ts');
  const { readTrustFloor } = await import('../state/trust-floor.ts');
  const { loadTrust } = await import('../trust/load-trust.ts');
  const { verifySlots } = await import('../verify/verify-slots.ts');
  requireRoot(system);
  const { config: directories, run: directory } = system.paths;
  const { signatures } = loadConfig(directories);
  const floor = readTrustFloor(system.paths.state);
  const trust = loadTrust(directories, signatures.threshold, floor);
  const progress = await progressFor(flags, command);
  // A slot that is being written differs from everything.
  return withLock({ directory, purpose: 'verify', pid: process.pid }, () =>
    verifySlots({ system, trust, progress, signal, stallMs: STALL_MS }, only),
  );
}

/** Only the other slot may be empty, and only if it was not named on the command line. */
function isFine({ verdict, running }: SlotVerdict, only: Slot | undefined): boolean {
  return verdict === 'good' || (verdict === 'unknown' && !running && only === undefined);
}

function verdictText({ name, running, verdict, version, problem }: SlotVerdict): string {
  const what = `slot ${name}${running ? ' (running)' : ''}: `;
  const found = {
    good: `good, ${version} as it was signed`,
    differs: `DIFFERS from ${version}: ${problem}`,
    untrusted: `${version}, unchanged, but not trusted: ${problem}`,
    unknown: `unknown: ${problem}`,
  };
  return `${what}${found[verdict]}`;
}

function checkSlot(text: string | undefined): Slot | undefined {
  if (text === undefined || isSlot(text)) {
    return text;
  }
  throw new MicroLinuxError({
    code: 'bad-slot',
    message: `--slot is A or B, not ${text}`,
    exitCode: ExitCode.usage,
  });
}

const HELP = `
Reads every byte of the image past the page cache, so it finds corruption on the disk, and checks
the signatures with the keys that are trusted now. A slot never changes after its installation: any
difference is damage or tampering.

Exit codes
  0  what is installed is unchanged and trusted (the other slot may be empty)
  1  a slot differs or is no longer trusted, or the record of the running slot is missing
  6  another ota-agent is running`;
