import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  commandLine,
  ExitCode,
  errorToObject,
  MicroLinuxError,
  type Reporter,
  run,
  start,
} from '@micro-linux/core';
import { directories } from '../../output/directories.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { makeFolder } from '../../system/files/make-folder.ts';
import { type ChosenAccelerator, chooseAccelerator } from '../../vm/accelerator.ts';
import { type FirmwareKind, prepareFirmware } from '../../vm/firmware.ts';
import { bootDisk, type ImageFile, inspectImage, requireBootable } from '../../vm/image-file.ts';
import { probeKvm } from '../../vm/kvm-probe.ts';
import { startLivelyMachine, withLivelyMachine } from '../../vm/lively-machine.ts';
import { credentialsBeside, loginFor } from '../../vm/login.ts';
import { LOGIN_PROMPT } from '../../vm/login-prompt.ts';
import type { Machine, MachineOptions } from '../../vm/machine.ts';
import { timeOf } from '../../vm/own-time.ts';
import { PATIENCE } from '../../vm/patience.ts';
import { createSsh, type Ssh } from '../../vm/ssh.ts';
import { planVm } from '../../vm/vm-plan.ts';
import { type Workspace, withWorkspace } from '../../vm/workspace.ts';
import { findImage } from './find-image.ts';
import { forwardsOf, type VmOptions } from './vm-options.ts';

/** All statuses a remote command can have; 255 is ssh's own. */
const REMOTE_STATUSES = Array.from({ length: 255 }, (_, status) => status);

/** What `vm` decides before it starts anything. */
interface Settled {
  readonly image: ImageFile;
  readonly firmware: FirmwareKind;
  readonly chosen: ChosenAccelerator;
  readonly artifacts: string;
  readonly options: VmOptions;
}

/**
 * The command `vm`.
 *
 * @returns The exit code: that of the remote command, or of QEMU.
 * @throws MicroLinuxError `image-missing`, `option-conflict`, `kvm-unusable`, `boot-failed`,
 *   `console-timeout`, `console-silent`, `ssh-failed`, `credentials-missing` and those of {@link startMachine}.
 */
export async function runVm(
  context: CommandContext,
  image: string | undefined,
  options: VmOptions,
): Promise<number> {
  const { reporter, signal, cwd, env, root } = context;
  if (options.json && !options.dryRun && !Array.isArray(options.ssh)) {
    throw new MicroLinuxError({
      code: 'option-conflict',
      message: '--json needs a result: a console has none',
      hint: "add --ssh 'COMMAND', or --dry-run",
      exitCode: ExitCode.usage,
    });
  }
  const { artifacts } = directories(root, env, { artifacts: options.artifacts, cwd });
  const path = await findImage({ image, profile: options.profile, artifacts, cwd });
  const settled: Settled = {
    image: await inspectImage(path, { run, signal }),
    firmware: options.secureBoot ? 'secure-boot' : options.uefi ? 'uefi' : 'bios',
    chosen: await chooseAccelerator(options.accel, () =>
      probeKvm({ start, smm: options.secureBoot === true, signal }),
    ),
    artifacts,
    options,
  };
  requireBootable(settled.image, settled.firmware);
  if (options.dryRun) {
    await dryRun(settled, reporter);
    return ExitCode.done;
  }
  if (settled.chosen.note !== undefined) {
    reporter.info(`${settled.chosen.note}: QEMU translates instead, which is slow`);
  }
  if (options.keep) {
    reporter.warn(`--keep: what the machine writes goes into ${settled.image.path} itself`);
  }
  return withWorkspace({ run, signal }, (workspace) =>
    options.ssh === undefined
      ? openConsole(context, settled, workspace)
      : openSsh(context, settled, workspace),
  );
}

async function dryRun({ image, firmware, chosen, options }: Settled, reporter: Reporter) {
  const commands = await planVm({
    image,
    firmware,
    accelerator: chosen.accelerator,
    memoryMib: options.memory,
    cpus: options.cpus,
    forwards: forwardsOf(options, options.port),
    keep: options.keep === true,
    window: options.display === true,
  });
  reporter.result(commands.map(([file = '', ...args]) => commandLine(file, args)).join('\n'), {
    commands,
  });
}

async function machineOptions(
  { image, firmware, chosen, options }: Settled,
  workspace: Workspace,
  serial: MachineOptions['serial'],
  hostPort: number | undefined,
  signal: AbortSignal,
): Promise<MachineOptions> {
  const disk = options.keep
    ? image
    : { path: await workspace.overlay(image), format: 'qcow2' as const };
  return {
    directory: workspace.directory,
    firmware: await prepareFirmware(firmware, workspace.directory),
    accelerator: chosen.accelerator,
    memoryMib: options.memory,
    cpus: options.cpus,
    disks: [{ path: disk.path, format: disk.format, ...bootDisk(image) }],
    network: { forwards: forwardsOf(options, hostPort) },
    watchdog: true,
    noReboot: false,
    display: options.display ? 'window' : 'none',
    serial,
    signal,
  };
}

/** Connects the machine's serial port to the user's terminal until QEMU ends. */
async function openConsole(
  { reporter, signal }: CommandContext,
  settled: Settled,
  workspace: Workspace,
): Promise<number> {
  const { port } = settled.options;
  reporter.info(
    [
      `Console of ${basename(settled.image.path)} (${settled.firmware}, ${settled.chosen.accelerator}).`,
      'Ctrl-A X stops the machine, Ctrl-A H lists the other keys.',
      `The password, if one was generated, is in ${credentialsBeside(settled.image.path)}.`,
      ...forwardsOf(settled.options, port).map(
        ({ hostPort, guestPort }) =>
          `Port ${hostPort} of 127.0.0.1 is port ${guestPort} of the machine${guestPort === 22 ? ' (ssh)' : ''}.`,
      ),
    ].join('\n'),
  );
  const machine = await startLivelyMachine(
    await machineOptions(settled, workspace, 'terminal', port, signal),
    { choice: settled.options.accel, tell: reporter.info },
  );
  const { exitCode } = await machine.exited;
  return signal.aborted ? ExitCode.cancelled : (exitCode ?? ExitCode.failed);
}

/** Runs a command or a login shell in the machine. */
async function openSsh(
  context: CommandContext,
  settled: Settled,
  workspace: Workspace,
): Promise<number> {
  const { reporter, signal } = context;
  const { options, image } = settled;
  const login = await loginFor({
    image: image.path,
    identity: options.identity,
    user: options.user,
  });
  const logs = join(settled.artifacts, 'logs');
  const logFile = join(logs, 'vm-console.log');
  await makeFolder(logs);
  await rm(logFile, { force: true });
  const machine = await machineOptions(settled, workspace, { logFile }, options.port ?? 0, signal);
  const lively = { choice: options.accel, tell: reporter.info };
  const step = reporter.step(`booting ${basename(image.path)} (${settled.firmware})`);
  return withLivelyMachine(machine, lively, async (running) => {
    let ssh: Ssh;
    try {
      await running.waitFor(LOGIN_PROMPT, {
        timeoutMs: PATIENCE.far,
        silentMs: PATIENCE.silent,
        what: 'the login prompt',
      });
      ssh = await createSsh({
        port: await running.forwardedPort(22),
        login,
        directory: workspace.directory,
        run,
        start,
        signal,
        startTimer: timeOf(running.pid),
      });
      await ssh.ready({ timeoutMs: PATIENCE.sshd });
      step.done();
    } catch (error) {
      step.failed();
      throw error;
    }
    const status = await remote(context, options, ssh);
    if (options.keep) {
      await shutDown(running, reporter);
    }
    return status;
  });
}

async function remote(
  { reporter, interactive }: CommandContext,
  options: VmOptions,
  ssh: Ssh,
): Promise<number> {
  const command = Array.isArray(options.ssh) ? options.ssh.join(' ') : undefined;
  if (options.json && command !== undefined) {
    const result = await ssh.run(command, { okExitCodes: REMOTE_STATUSES });
    const failed = new MicroLinuxError({
      code: 'remote-command-failed',
      message: `the command in the machine ended with status ${result.exitCode}`,
      exitCode: result.exitCode,
    });
    reporter.result('', { ...(result.exitCode === 0 ? {} : errorToObject(failed)), ...result });
    return result.exitCode;
  }
  return ssh.session(command, interactive);
}

/** The image is kept, so shut down cleanly if possible. */
async function shutDown(machine: Machine, reporter: Reporter): Promise<void> {
  const step = reporter.step('shutting down');
  try {
    await machine.powerDown({ timeoutMs: PATIENCE.shutdown });
    step.done();
  } catch (error) {
    step.failed();
    if (!(error instanceof MicroLinuxError) || error.code === 'cancelled') {
      throw error;
    }
    reporter.warn(`${error.message}; its power was cut`);
  }
}
