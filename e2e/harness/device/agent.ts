import type { HistoryEvent } from 'ota-agent/state/history';
import type { Status } from 'ota-agent/status/status';
import type { Answer, Device } from './device.ts';

/** A line of `apply --progress=json`. */
export interface ApplyEvent {
  readonly event: 'started' | 'progress' | 'done' | 'failed';
  /** Kind of a step of packages/ota-agent/src/apply/steps.ts. */
  readonly step: string;
  readonly percent?: number;
}

/** Runs `ota-agent` as root; any exit code is an answer. */
export function agent(device: Device, args: string): Promise<Answer> {
  return device.root(`ota-agent ${args}`);
}

/** `ota-agent status`; fails the story when there is none. */
export async function agentStatus(device: Device): Promise<Status> {
  return (await json(device, 'status')) as Status;
}

/** `ota-agent history`, oldest first, and whether its chain of hashes holds. */
export async function agentHistory(
  device: Device,
): Promise<{ readonly entries: readonly HistoryEvent[]; readonly intact: boolean }> {
  return (await json(device, 'history')) as { entries: HistoryEvent[]; intact: boolean };
}

/** The code of the error a command ends with, and its exit code, e.g. `downgrade 5`. */
export async function agentError(device: Device, args: string): Promise<string> {
  const { exitCode, stdout, stderr } = await agent(device, `${args} --json`);
  const error = parseJson(stdout.trim().split('\n').at(-1) ?? '') as { code?: string } | undefined;
  return error?.code === undefined
    ? `no error, but status ${exitCode}:\n${stdout}\n${stderr}`
    : `${error.code} ${exitCode}`;
}

/**
 * Applies an update and calls `onEvent` with each step it reports.
 *
 * @param update a path on the device.
 * @param options more of `ota-agent apply`'s.
 */
export function apply(
  device: Device,
  update: string,
  options = '--no-reboot',
  onEvent: (event: ApplyEvent) => void = () => undefined,
): Promise<Answer> {
  return device.root(`ota-agent apply --progress=json ${options} ${update}`, {
    onLine(line) {
      const event = parseJson(line) as ApplyEvent | undefined;
      if (event?.step !== undefined) {
        onEvent(event);
      }
    },
  });
}

async function json(device: Device, verb: string): Promise<unknown> {
  const { exitCode, stdout, stderr } = await agent(device, `${verb} --json`);
  if (exitCode !== 0) {
    throw new Error(`ota-agent ${verb} ended with ${exitCode}:\n${stdout}\n${stderr}`);
  }
  return JSON.parse(stdout);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
