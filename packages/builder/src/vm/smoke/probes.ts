/**
 * Shell commands that run as root in the guest. Probes only gather facts; the checks evaluate them.
 */
export const PROBES = {
  /** Blocks until the boot is over. */
  systemState: 'timeout 300 systemctl is-system-running --wait',
  failedUnits: 'systemctl list-units --failed --no-legend --plain --full',
  kernelCommandLine: 'cat /proc/cmdline',
  bootInfo: 'cat /run/micro-linux/boot.json',
  mounts: 'findmnt -J --list -o TARGET,SOURCE,FSTYPE,OPTIONS,PARTUUID,PARTLABEL',
  writeRoot: 'touch /usr/.micro-linux-smoke',
  bootId: 'cat /proc/sys/kernel/random/boot_id',
  machineId: 'cat /etc/machine-id',
  hostKeys: 'sha256sum /etc/ssh/ssh_host_*_key.pub',
  addresses: 'ip -j -4 address show scope global',
  defaultRoute: 'ip -j -4 route show default',
  space: 'df -B1 --output=target,size,used / /data',
  /** Sectors of 512 bytes: where the data partition starts, its length, the disk's length. */
  dataPartition:
    'cd /sys/class/block/"$(basename "$(findmnt -nvo SOURCE /data)")"/ && cat start size ../size',
  /** Sectors of 512 bytes: the length of the slot's partition. */
  slotPartition: 'cat /sys/class/block/"$(basename "$(findmnt -nvo SOURCE /)")"/size',
  agentStatus: 'ota-agent status --json',
  markUnit: 'systemctl show -p LoadState -p Result ota-agent-mark-boot.service',
  /** One line: `bios`, or the fifth byte of the variable SecureBoot (UEFI spec 2.10 §3.3). */
  secureBoot:
    'if [ -d /sys/firmware/efi ]; then od -An -tu1 -j4 ' +
    '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c; else echo bios; fi',
  markers: `cd / && head -n 1 ${['etc', 'var', 'home', 'root']
    .map((directory) => `${directory}/.micro-linux-smoke`)
    .join(' ')}`,
} as const;

export type ProbeName = keyof typeof PROBES;

/** Directories in which a boot writes a word for the next one. */
export const MARKED_DIRECTORIES = ['/etc', '/var', '/home', '/root'] as const;

/**
 * A command that writes `word` in each of {@link MARKED_DIRECTORIES}, and reports where it could
 * not.
 */
export function leaveMarkers(word: string): string {
  return [
    ...MARKED_DIRECTORIES.map((directory) => `echo ${word} > ${directory}/.micro-linux-smoke`),
    'sync',
  ].join('; ');
}

/** The result of one probe. */
export interface ProbeOutput {
  readonly status: number;
  /** Standard output and standard error, interleaved and trimmed. */
  readonly text: string;
}

export type ProbeOutputs = Readonly<Record<ProbeName, ProbeOutput>>;

/**
 * One shell script that runs all probes, so that a slow guest needs one login, not twenty.
 *
 * @param mark A word that no output contains; it delimits each output.
 */
export function probeScript(mark: string, probes: Record<string, string> = PROBES): string {
  return Object.entries(probes)
    .map(
      ([name, command]) => `echo "${mark} begin ${name}"
( ${command}
) 2>&1
status=$?; echo; echo "${mark} end $status"`,
    )
    .join('\n');
}

/** Splits the output of {@link probeScript}; a probe that did not run has status 127. */
export function parseProbes(stdout: string, mark: string): ProbeOutputs {
  const found = new Map<string, ProbeOutput>();
  let name: string | undefined;
  let lines: string[] = [];
  for (const line of stdout.split('\n')) {
    if (line.startsWith(`${mark} begin `)) {
      name = line.slice(mark.length + ' begin '.length);
      lines = [];
    } else if (line.startsWith(`${mark} end `) && name !== undefined) {
      const status = Number(line.slice(mark.length + ' end '.length));
      found.set(name, { status, text: lines.join('\n').trim() });
      name = undefined;
    } else {
      lines.push(line);
    }
  }
  const missing: ProbeOutput = { status: 127, text: 'the probe did not run' };
  const of = (probe: ProbeName): ProbeOutput => found.get(probe) ?? missing;
  return {
    systemState: of('systemState'),
    failedUnits: of('failedUnits'),
    kernelCommandLine: of('kernelCommandLine'),
    bootInfo: of('bootInfo'),
    mounts: of('mounts'),
    writeRoot: of('writeRoot'),
    bootId: of('bootId'),
    machineId: of('machineId'),
    hostKeys: of('hostKeys'),
    addresses: of('addresses'),
    defaultRoute: of('defaultRoute'),
    space: of('space'),
    dataPartition: of('dataPartition'),
    slotPartition: of('slotPartition'),
    agentStatus: of('agentStatus'),
    markUnit: of('markUnit'),
    secureBoot: of('secureBoot'),
    markers: of('markers'),
  };
}
