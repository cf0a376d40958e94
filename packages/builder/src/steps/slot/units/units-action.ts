import { commandLine, ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { WhereIs } from '../../../config/where-is.ts';
import { ownPath } from '../../../plan/code/own-path.ts';
import type { UnitWish } from '../../../product/contribution.ts';
import { asNamespaceRoot, runAsNamespaceRoot } from '../../../system/userns/user-namespace.ts';
import type { TreeAction } from '../slot-step.ts';
import { judgeResult, judgeWishes } from './judge-units.ts';
import { unitError } from './unit-error.ts';
import { readUnitFiles } from './unit-files.ts';
import { UnitGraph } from './unit-graph.ts';

export interface UnitsActionOptions {
  readonly wishes: readonly UnitWish[];
  /** Entries of `health.requiredUnits`. */
  readonly requiredUnits: readonly string[];
  readonly whereIs: WhereIs;
}

/**
 * Fulfills the wishes about units with the image's own systemctl, and refuses an image that could not
 * become healthy.
 */
export function unitsAction({ wishes, requiredUnits, whereIs }: UnitsActionOptions): TreeAction {
  const commands = (tree: string) =>
    systemctlCalls(wishes).map((call) => ['chroot', tree, ...call]);
  const refuse = (problems: Parameters<typeof unitError>[0]) => {
    const error = unitError(problems, whereIs);
    if (error) {
      throw error;
    }
  };
  return {
    inputs: { units: wishes.map(({ action, unit }) => [action, unit]), requiredUnits },
    code: [ownPath(import.meta.filename)],
    describe: (tree) => commands(tree).map((words) => describe(words)),
    async run(tree, context) {
      refuse(judgeWishes(wishes, new UnitGraph(await readUnitFiles(tree))));
      for (const [program = '', ...args] of commands(tree)) {
        await runAsNamespaceRoot(context.run, program, args, {
          signal: context.signal,
          logFile: context.logFile,
          env: OFFLINE,
        }).catch((cause: unknown) => {
          throw notChanged(cause);
        });
      }
      refuse(judgeResult(wishes, requiredUnits, new UnitGraph(await readUnitFiles(tree))));
    },
  };
}

/** There is no systemd to talk to, and no /proc that says so. */
const OFFLINE = { SYSTEMD_OFFLINE: '1' };

/** Disabling first: a package's preset may be replaced by another unit with the same alias. */
function systemctlCalls(wishes: readonly UnitWish[]): readonly (readonly string[])[] {
  return (['disable', 'mask', 'enable', 'set-default'] as const).flatMap((action) => {
    const units = [
      ...new Set(wishes.filter((wish) => wish.action === action).map(({ unit }) => unit)),
    ];
    return units.length === 0 ? [] : [['systemctl', action, '--', ...units]];
  });
}

function describe(words: readonly string[]): string {
  const [program = '', ...args] = words;
  const [variable] = Object.entries(OFFLINE).map(([name, value]) => `${name}=${value}`);
  return `${variable} ${commandLine(...asNamespaceRoot(process.getuid?.() ?? 0, program, args))}`;
}

function notChanged(cause: unknown): unknown {
  return cause instanceof MicroLinuxError && cause.code === 'tool-failed'
    ? new MicroLinuxError({
        code: 'unit-unusable',
        message: 'systemctl of the image could not change its units',
        why: cause.why,
        hint: 'change services in micro-linux.yaml, or the unit files that the message names',
        exitCode: ExitCode.usage,
        details: cause.details,
        cause,
      })
    : cause;
}
