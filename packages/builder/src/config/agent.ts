import { basename } from 'node:path';
import { isHealthCheckName, Problem, show } from '@micro-linux/provision';
import { checkFilePath } from './file-path.ts';
import type { AgentSettings } from './system.ts';

const checkPath = checkFilePath('a script');

/** Refuses a path whose file the agent would not run. */
export function checkScriptPath(path: string): Problem | undefined {
  const name = basename(path);
  return (
    checkPath(path) ??
    (isHealthCheckName(name)
      ? undefined
      : new Problem(
          `${show(name)} is not a name that the agent runs`,
          'rename the file: letters, digits, _ and -, and .sh at the end or nothing',
        ))
  );
}

/** Refuses two scripts that would be the same file on the device. */
export function checkScripts(scripts: readonly string[]): readonly Problem[] {
  const names = scripts.map((path) => basename(path));
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          new Problem(
            `there are two scripts named ${show(name)}, and the device has one folder for all`,
            'rename one of them',
            { at: ['scripts', index] },
          ),
        ],
  );
}

/** Refuses checks that may last longer than the trial which they decide. */
export function checkAgentTimes({
  trial,
  health,
}: Pick<AgentSettings, 'trial' | 'health'>): readonly Problem[] {
  return (['settleSeconds', 'timeoutSeconds'] as const).flatMap((key) =>
    health[key] < trial.deadlineSeconds
      ? []
      : [
          new Problem(
            `${health[key]} s is not shorter than a trial, which ends after ${trial.deadlineSeconds} s`,
            `write less than ${trial.deadlineSeconds}, or raise agent.trial.deadlineSeconds`,
            { at: ['health', key], because: ['agent', 'trial', 'deadlineSeconds'] },
          ),
        ],
  );
}
