import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GIB, type Reporter, type Runner, type Starter } from '@micro-linux/core';
import { makeFolder } from '../../system/files/make-folder.ts';
import type { Accelerator, AcceleratorChoice } from '../accelerator.ts';
import { type FirmwareKind, prepareFirmware } from '../firmware.ts';
import { bootDisk, type ImageFile, requireBootable } from '../image-file.ts';
import { withLivelyMachine } from '../lively-machine.ts';
import { LOGIN_PROMPT } from '../login-prompt.ts';
import type { Machine } from '../machine.ts';
import { timeOf } from '../own-time.ts';
import { PATIENCE } from '../patience.ts';
import { createSsh, type Ssh } from '../ssh.ts';
import type { SshLogin } from '../ssh-arguments.ts';
import { type Workspace, withWorkspace } from '../workspace.ts';
import { CHECKS, type Check, type Facts, judge, REBOOT_CHECKS } from './checks.ts';
import { complaints } from './complaints.ts';
import { leaveMarkers, type ProbeOutputs, parseProbes, probeScript } from './probes.ts';
import type { CheckResult, FirmwareResult, SmokeResult } from './smoke-result.ts';
import { StageFailed, Stages } from './stages.ts';

export interface SmokeOptions {
  /** Not changed: machines write to temporary overlays. */
  readonly image: ImageFile;
  readonly firmwares: readonly FirmwareKind[];
  /** Restart each machine and check its second boot, too. */
  readonly reboot: boolean;
  readonly login: SshLogin;
  /** The accelerator of each firmware's machine. */
  readonly acceleratorFor: (firmware: FirmwareKind) => Promise<Accelerator>;
  /** The user's choice: an explicit `kvm` has no fallback. */
  readonly acceleratorChoice: AcceleratorChoice;
  readonly memoryMib: number;
  readonly cpus: number;
  /** Directory of console logs; created if missing. */
  readonly logDirectory: string;
  readonly run: Runner;
  readonly start: Starter;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Boots an image under each firmware and checks it from inside, before and (if requested) after a
 * reboot, on a disk 1 GiB larger than the image. Failures of the image are in the result, not
 * thrown.
 *
 * @throws MicroLinuxError `cancelled`, and for problems of the host: `tool-missing`,
 *   `firmware-missing`, `machine-not-started`.
 */
export async function smokeTest(options: SmokeOptions): Promise<SmokeResult> {
  await makeFolder(options.logDirectory);
  const runs: FirmwareResult[] = [];
  for (const firmware of options.firmwares) {
    requireBootable(options.image, firmware);
  }
  for (const firmware of options.firmwares) {
    const step = options.reporter.step(`${basename(options.image.path)} under ${firmware}`);
    try {
      const result = await withWorkspace(options, (workspace) =>
        testFirmware(options, firmware, workspace, (message) => step.progress({ message })),
      );
      runs.push(result);
      if (result.ok) {
        step.done(`login in ${result.secondsToLogin} s`);
      } else {
        step.failed();
      }
    } catch (error) {
      step.failed();
      throw error;
    }
  }
  return {
    ok: runs.every(({ ok }) => ok),
    image: options.image.path,
    accelerator: runs.every(({ accelerator }) => accelerator === 'kvm') ? 'kvm' : 'tcg',
    runs,
  };
}

async function testFirmware(
  options: SmokeOptions,
  kind: FirmwareKind,
  workspace: Workspace,
  tell: (message: string) => void,
): Promise<FirmwareResult> {
  const { image, memoryMib, cpus, signal } = options;
  let accelerator = await options.acceleratorFor(kind);
  const logFile = join(options.logDirectory, `test-${kind}-console.log`);
  await rm(logFile, { force: true });
  const disk = await workspace.overlay({ ...image, bytes: image.bytes + GIB });
  const firmware = await prepareFirmware(kind, workspace.directory);
  const startedAt = Date.now();
  const { stages, checks } = await withLivelyMachine(
    {
      directory: workspace.directory,
      firmware,
      accelerator,
      memoryMib,
      cpus,
      disks: [{ path: disk, format: 'qcow2', ...bootDisk(image) }],
      network: { forwards: [{ hostPort: 0, guestPort: 22 }] },
      watchdog: true,
      noReboot: false,
      fixedAddresses: true,
      display: 'none',
      serial: { logFile },
      signal,
    },
    {
      choice: options.acceleratorChoice,
      tell: (line) => {
        accelerator = 'tcg';
        options.reporter.info(line);
      },
    },
    async (machine) => {
      tell('first boot');
      const stages = new Stages(() => complaints(machine.console.text));
      const reached = await boots({
        machine,
        options,
        kind,
        workspace,
        stages,
        startedAt,
        tell,
      });
      return { stages, checks: judgeAll(reached, options.reboot) };
    },
  );
  const seconds = stages.seconds('login');
  const results = [
    ...stages.results('login', 'ssh'),
    ...checks,
    ...stages.results(
      ...(options.reboot ? (['reboot', 'powerOff'] as const) : (['powerOff'] as const)),
    ),
  ];
  return {
    firmware: kind,
    accelerator,
    ok: results.every(({ status }) => status === 'pass'),
    ...(seconds === undefined ? {} : { secondsToLogin: seconds }),
    consoleLog: logFile,
    checks: results,
  };
}

interface Journey {
  readonly machine: Machine;
  readonly options: SmokeOptions;
  readonly kind: FirmwareKind;
  readonly workspace: Workspace;
  readonly stages: Stages;
  /** When the machine was started, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly tell: (message: string) => void;
}

/** The facts so far; a boot that was not reached or not requested is undefined. */
interface Learnt {
  readonly firmware: FirmwareKind;
  readonly marker: string;
  readonly first?: ProbeOutputs;
  readonly second?: ProbeOutputs;
}

/** Runs the stages of the machine's boots; stops at the first failed stage. */
async function boots(journey: Journey): Promise<Learnt> {
  const { machine, stages, kind, tell } = journey;
  let learnt: Learnt = { firmware: kind, marker: randomBytes(8).toString('hex') };
  try {
    await stages.run('login', () => loginPrompt(machine), journey.startedAt);
    tell('looking around');
    const ssh = await sshTo(journey);
    const first = await stages.run('ssh', async () => {
      const outputs = await probe(ssh);
      if (journey.options.reboot) {
        await ssh.runAsRoot(leaveMarkers(learnt.marker), { timeoutMs: PATIENCE.far });
      }
      return outputs;
    });
    learnt = { ...learnt, first };
    if (journey.options.reboot) {
      tell('second boot');
      const second = await stages.run('reboot', async () => {
        await reboot(machine, ssh, journey.options.signal);
        return probe(ssh);
      });
      learnt = { ...learnt, second };
    }
    tell('power off');
    await stages.run('powerOff', () => machine.powerDown({ timeoutMs: PATIENCE.shutdown }));
  } catch (error) {
    if (!(error instanceof StageFailed)) {
      throw error;
    }
  }
  return learnt;
}

async function loginPrompt(machine: Machine): Promise<void> {
  await machine.waitFor(LOGIN_PROMPT, {
    timeoutMs: PATIENCE.far,
    silentMs: PATIENCE.silent,
    what: 'the login prompt',
  });
}

async function sshTo({ machine, options, workspace }: Journey): Promise<Ssh> {
  return createSsh({
    port: await machine.forwardedPort(22),
    login: options.login,
    directory: workspace.directory,
    run: options.run,
    start: options.start,
    signal: options.signal,
    startTimer: timeOf(machine.pid),
  });
}

async function probe(ssh: Ssh): Promise<ProbeOutputs> {
  const mark = `@@${randomBytes(8).toString('hex')}`;
  await ssh.ready({ timeoutMs: PATIENCE.sshd });
  const { stdout } = await ssh.runAsRoot(probeScript(mark), { timeoutMs: PATIENCE.far });
  return parseProbes(stdout, mark);
}

/** Reboots from within the guest and waits for its next login prompt. */
async function reboot(machine: Machine, ssh: Ssh, signal: AbortSignal | undefined): Promise<void> {
  await Promise.all([
    // The connection may be cut before the command has ended: ssh then exits with 255.
    ssh.runAsRoot('systemctl reboot', { timeoutMs: PATIENCE.far, okExitCodes: [0, 255] }),
    machine.qmp.nextEvent('RESET', {
      timeoutMs: PATIENCE.shutdown,
      startTimer: timeOf(machine.pid),
      signal,
    }),
  ]);
  await loginPrompt(machine);
}

function judgeAll({ firmware, marker, first, second }: Learnt, withReboot: boolean): CheckResult[] {
  const facts: Facts | undefined = first && { firmware, first, second };
  const rebootFacts = first && second && { firmware, marker, first, second };
  return [
    ...CHECKS.map((check) => result(check, facts)),
    ...(withReboot ? REBOOT_CHECKS : []).map((check) => result(check, rebootFacts)),
  ];
}

function result<Known extends Facts>(check: Check<Known>, facts: Known | undefined): CheckResult {
  const { id, title } = check;
  if (!facts) {
    return { id, title, status: 'skip', note: '' };
  }
  const { ok, note } = judge(check, facts);
  return { id, title, status: ok ? 'pass' : 'fail', note };
}
