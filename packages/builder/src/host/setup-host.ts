import { join } from 'node:path';
import { MicroLinuxError, type Reporter, type Runner, run } from '@micro-linux/core';
import { makeFolder } from '../system/files/make-folder.ts';
import type { HostNeed } from './packages.ts';
import { renderCommand, runCommand } from './setup-command.ts';
import { gatherSetupFacts } from './setup-facts.ts';
import { planSetup, type SetupPlan } from './setup-plan.ts';
import { findTool, toolPath } from './tool-path.ts';

export interface SetUpHostOptions {
  /** The user who will build. */
  readonly userName: string;
  /** The user id of this process; all but 0 use sudo. */
  readonly uid: number;
  readonly needs: readonly HostNeed[];
  /** Only print the commands. */
  readonly dryRun: boolean;
  readonly reporter: Reporter;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** The builder's cache directory, which gets the log. */
  readonly cache: string;
  readonly run?: Runner;
}

/**
 * Sets up a Debian or Ubuntu host to build: packages, archive keys, subordinate ids. If nothing is
 * missing, says so and does nothing.
 */
export async function setUpHost(options: SetUpHostOptions): Promise<void> {
  const { reporter, signal, uid } = options;
  const runner = options.run ?? run;
  const { steps, notes } = planSetup(await gatherSetupFacts({ ...options, run: runner }));
  for (const note of notes) {
    reporter.warn(note);
  }
  const lines = commandLines({ steps, notes }, uid);
  if (steps.length === 0) {
    reporter.result('nothing to do: this host can build', { changed: false, commands: [] });
    return;
  }
  if (options.dryRun) {
    reporter.result(lines.join('\n'), { changed: false, commands: lines });
    return;
  }
  await getSudo({ steps, notes }, options, runner);
  const logFile = join(options.cache, 'setup-host.log');
  await makeFolder(options.cache);
  for (const step of steps) {
    const shown = reporter.step(step.title);
    try {
      for (const command of step.commands) {
        await runCommand(command, uid, runner, {
          signal,
          logFile,
          onLine: (message) => shown.progress({ message: message.slice(0, 60) }),
        });
      }
    } catch (error) {
      shown.failed();
      throw error;
    }
    shown.done();
  }
  reporter.result('this host is set up; ./micro-linux doctor checks it', {
    changed: true,
    commands: lines,
    log: logFile,
  });
}

/** The commands of a plan, in order, as shell lines. */
export function commandLines({ steps }: SetupPlan, uid: number): string[] {
  return steps.flatMap(({ commands }) => commands.map((command) => renderCommand(command, uid)));
}

/** Makes sudo ask for the password now, before progress lines overwrite its prompt. */
async function getSudo({ steps }: SetupPlan, options: SetUpHostOptions, runner: Runner) {
  const needsRoot = steps.some(({ commands }) => commands.some(({ asRoot }) => asRoot));
  if (options.uid === 0 || !needsRoot) {
    return;
  }
  const byHand = `run it as root: ./micro-linux setup-host --for ${options.userName}`;
  if (!(await findTool('sudo', toolPath(options.env['PATH'])))) {
    throw new MicroLinuxError({
      code: 'sudo-missing',
      message: 'changing this host needs root, and sudo is not installed',
      hint: byHand,
    });
  }
  try {
    await runner('sudo', ['-v'], { signal: options.signal, sharesTerminal: true });
  } catch (cause) {
    throw new MicroLinuxError({
      code: 'sudo-refused',
      message: `changing this host needs root, and sudo refuses ${options.userName}`,
      hint: `${byHand}\n(--dry-run shows the commands)`,
      cause,
    });
  }
}
