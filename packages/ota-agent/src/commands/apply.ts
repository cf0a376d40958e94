import { ExitCode, errorToObject, type Reporter } from '@micro-linux/core';
import type { Command } from 'commander';
import type { ApplyResult, ApplyWorld } from '../apply/apply.ts';
import type { ApplyPlan } from '../apply/plan-apply.ts';
import { APPLY_HELP } from './apply-help.ts';
import type { CommandContext, RegisterCommand } from './context.ts';
import { addProgressOption, type ProgressFlags, progressFor } from './progress-option.ts';

interface ApplyFlags extends ProgressFlags {
  readonly dryRun?: boolean;
  readonly reboot: boolean;
  readonly retry?: boolean;
  readonly forceDowngrade?: boolean;
  readonly tries?: string;
}

export const registerApply: RegisterCommand = (program, context, setExitCode) => {
  addOptions(program.command('apply'))
    .addHelpText('after', APPLY_HELP)
    .action(async (source: string, flags: ApplyFlags) => {
      const command = context(flags);
      const world = await applyWorld(source, flags, command);
      try {
        const { applyUpdate, planOnly } = await import('../apply/apply.ts');
        if (flags.dryRun === true) {
          setExitCode(await reportPlan(await planOnly(world), command.reporter));
        } else {
          setExitCode(reportResult(await applyUpdate(world), flags.reboot, command.reporter));
        }
      } finally {
        // Not awaited: closing may wait for a read that never ends.
        void world.source.close().catch(() => undefined);
      }
    });
};

function addOptions(command: Command): Command {
  return addProgressOption(
    command
      .description('write an update into the other slot and try it at the next boot')
      .argument('<source>', 'update.img: a file, a block device, or - for standard input')
      .option('-n, --dry-run', 'print the checks and the plan; change nothing')
      .option('--no-reboot', 'do not restart the machine when the update is ready')
      .option('--retry', 'apply an image that was tried before and was rolled back')
      .option('--force-downgrade', 'apply a version that is older than the running one')
      .option(
        '--tries <number>',
        'number of boots in which the new system must become healthy, 1 to 7',
      ),
  );
}

async function applyWorld(
  name: string,
  flags: ApplyFlags,
  context: CommandContext,
): Promise<ApplyWorld> {
  const { checkTries } = await import('@micro-linux/core');
  const { machine } = await import('node:os');
  const { loadConfig } = await import('../config/load-config.ts');
  const { realEffects } = await import('../effects/effects.ts');
  const { STALL_MS } = await import('../apply/apply.ts');
  const { openSource } = await import('../sources/open-source.ts');
  const { system, signal, version } = context;
  const config = loadConfig(system.paths.config);
  const tries =
    flags.tries === undefined ? config.boot.tries : checkTries(Number(flags.tries), '--tries');
  return {
    system,
    config,
    effects: realEffects(system, config),
    source: await openSource(name, () => context.stdin),
    options: {
      tries,
      reboot: flags.reboot,
      retry: flags.retry === true,
      forceDowngrade: flags.forceDowngrade === true,
    },
    agent: { version, architecture: machine() },
    progress: await progressFor(flags, context),
    signal,
    stallMs: STALL_MS,
    pid: process.pid,
  };
}

function reportResult(result: ApplyResult, reboot: boolean, reporter: Reporter): number {
  const { facts, slot, etcEdits } = result;
  const { version, buildId } = facts.update.head.manifest;
  for (const warning of result.warnings) {
    reporter.warn(warning);
  }
  const data = {
    result: result.kind,
    slot,
    version,
    buildId,
    fromVersion: facts.running.image.version ?? null,
    tries: facts.options.tries,
    chunksWritten: result.chunksWritten,
    chunksKept: result.chunksAlreadyThere,
    etcKept: etcEdits.map(({ path }) => `/etc/${path}`),
    rebooting: result.kind === 'armed' && reboot,
  };
  if (result.kind === 'nothing-to-do') {
    reporter.result(`${version} is already running, in slot ${slot}`, data);
    return ExitCode.nothingToDo;
  }
  for (const { path, deleted } of etcEdits) {
    reporter.warn(
      `/etc/${path} stays as it is on this device (${deleted ? 'deleted' : 'changed'}); the new image’s version is not used`,
    );
  }
  const installed = `${version} is installed in slot ${slot}`;
  reporter.result(
    reboot
      ? `${installed}; restarting to try it`
      : `${installed}; it is tried at the next boot: systemctl reboot`,
    data,
  );
  return reboot ? ExitCode.done : ExitCode.rebootNeeded;
}

async function reportPlan(plan: ApplyPlan, reporter: Reporter): Promise<number> {
  const { firstRefusal } = await import('../apply/run-plan.ts');
  const { describeStep } = await import('../apply/steps.ts');
  const refusal = firstRefusal(plan);
  const nothing = refusal === undefined && plan.steps.length === 0;
  const lines = [
    'checks',
    ...plan.checks.map((check) =>
      check.refusal
        ? `  refused  ${check.title}: error[${check.refusal.code}]: ${check.refusal.message}`
        : `  ok       ${check.title}`,
    ),
    nothing ? 'nothing to do: this image is already running' : 'steps',
    ...plan.steps.map((step, index) => `  ${String(index + 1).padStart(2)}  ${describeStep(step)}`),
  ];
  reporter.result(lines.join('\n'), {
    result: refusal ? 'refused' : nothing ? 'nothing-to-do' : 'planned',
    slot: plan.slot,
    checks: plan.checks.map((check) => ({
      title: check.title,
      ok: check.refusal === undefined,
      code: check.refusal?.code ?? null,
    })),
    steps: plan.steps.map((step) => ({ step: step.kind, title: describeStep(step) })),
    // Last, so that `ok`, `code` and `exitCode` are the refusal's.
    ...(refusal ? errorToObject(refusal) : {}),
  });
  return refusal?.exitCode ?? (nothing ? ExitCode.nothingToDo : ExitCode.done);
}
