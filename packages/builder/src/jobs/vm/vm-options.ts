import { InvalidArgumentError, Option } from 'commander';
import { PROFILE_NAMES } from '../../profiles/index.ts';
import type { ProfileName } from '../../profiles/profile.ts';
import { ACCELERATOR_CHOICES, type AcceleratorChoice } from '../../vm/accelerator.ts';
import type { FirmwareKind } from '../../vm/firmware.ts';
import type { PortForward } from '../../vm/qemu-arguments.ts';

/** Common options of `vm` and `test`. */
export interface MachineFlags {
  readonly profile?: ProfileName;
  readonly artifacts?: string;
  readonly accel: AcceleratorChoice;
  readonly memory: number;
  readonly cpus: number;
  readonly identity?: string;
  readonly user?: string;
  readonly json?: boolean;
}

/** Options of `vm`, as parsed by commander. */
export interface VmOptions extends MachineFlags {
  readonly uefi?: boolean;
  readonly secureBoot?: boolean;
  /** True: a login shell; words: a command. */
  readonly ssh?: true | readonly string[];
  readonly port?: number;
  readonly forward?: readonly PortForward[];
  readonly keep?: boolean;
  readonly display?: boolean;
  readonly dryRun?: boolean;
}

/** Options of `test`, as parsed by commander. */
export interface TestOptions extends MachineFlags {
  readonly firmware: readonly FirmwareKind[];
  /** False: boot only once. */
  readonly reboot: boolean;
}

/** The options of {@link MachineFlags}, created for each command. */
export function machineOptions(): Option[] {
  return [
    new Option('--profile <name>', "boot this profile's artifact, not the newest").choices(
      PROFILE_NAMES,
    ),
    new Option(
      '--artifacts <directory>',
      'where artifacts are (default: artifacts/ of the checkout, or of the current folder without one)',
    ),
    new Option('--accel <kind>', 'kvm, tcg (slow), or auto: kvm if it really runs a guest')
      .choices(ACCELERATOR_CHOICES)
      .default('auto'),
    new Option('--memory <MiB>', 'memory of the machine').argParser(wholeNumber(64)).default(1024),
    new Option('--cpus <count>', 'processors of the machine').argParser(wholeNumber(1)).default(2),
    new Option('--identity <key>', 'log in with this private key, not with the password'),
    new Option('--user <name>', 'log in as this user (default: the one in credentials.txt)'),
  ];
}

/** Parses `8443:443` and adds it to those before. */
export function collectForward(
  text: string,
  before: readonly PortForward[] = [],
): readonly PortForward[] {
  const [hostPort = 0, guestPort = 0] = text.split(':').map(Number);
  const isPort = (port: number) => port >= 1 && port <= 65_535;
  if (!/^\d{1,5}:\d{1,5}$/.test(text) || !isPort(hostPort) || !isPort(guestPort)) {
    throw new InvalidArgumentError('write two ports from 1 to 65535, such as 8443:443.');
  }
  if (before.some((forward) => forward.hostPort === hostPort)) {
    throw new InvalidArgumentError(`port ${hostPort} is forwarded already.`);
  }
  return [...before, { hostPort, guestPort }];
}

/** The ports that `vm` forwards: `--forward`, and to ssh if there is a port for it. */
export function forwardsOf(
  { forward = [] }: Pick<VmOptions, 'forward'>,
  sshPort: number | undefined,
): readonly PortForward[] {
  return [...(sshPort === undefined ? [] : [{ hostPort: sshPort, guestPort: 22 }]), ...forward];
}

/** Parses an option's value as a whole number. */
export function wholeNumber(least: number, most = 1_048_576): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`a whole number from ${least} to ${most} is needed.`);
    }
    return value;
  };
}
