import { GIB, slotPartition } from '@micro-linux/core';
import type { FirmwareKind } from '../firmware.ts';
import { MARKED_DIRECTORIES, type ProbeOutputs } from './probes.ts';
import {
  addresses,
  agentStatus,
  bootInfo,
  gateways,
  kernelArgument,
  mountAt,
  numbers,
  spaceOf,
  UnreadableProbe,
} from './read-probes.ts';

/** The facts about a machine. */
export interface Facts {
  readonly firmware: FirmwareKind;
  /** The first boot of the image. */
  readonly first: ProbeOutputs;
  /** The second boot; undefined if the machine did not reboot. */
  readonly second: ProbeOutputs | undefined;
}

/** The facts about a machine that has rebooted. */
export interface RebootFacts extends Facts {
  readonly second: ProbeOutputs;
  /** The word that the first boot wrote. */
  readonly marker: string;
}

/** The result of a check; `note` is a few words, the reason for a failure. */
export interface Verdict {
  readonly ok: boolean;
  readonly note: string;
}

/** A condition that a machine must meet. */
export interface Check<Known extends Facts = Facts> {
  /** Stable, kebab-case. */
  readonly id: string;
  /** What is true when it passes. */
  readonly title: string;
  readonly judge: (facts: Known) => Verdict;
}

const SECTOR_BYTES = 512;
/** More than the backup GPT and an alignment of 1 MiB leave unused at a disk's end. */
const UNUSED_SECTORS = (2 * 1024 * 1024) / SECTOR_BYTES;
/** Overhead of ext4 on a partition of a few GiB. */
const FILE_SYSTEM_SHARE = 0.9;
const SLOT_FULL = 0.95;

/** Checks of each boot. */
export const CHECKS: readonly Check[] = [
  {
    id: 'system-running',
    title: 'system is running, no failed unit',
    judge: (facts) => {
      const failed = boots(facts).map(({ failedUnits }) => failedUnits.text);
      const states = boots(facts).map(({ systemState }) => systemState.text);
      return verdict(
        states.every((state) => state === 'running') && failed.every((units) => units === ''),
        'running',
        `${states.join(', then ')}; failed: ${failed.map(firstWords).join('; then ')}`,
      );
    },
  },
  {
    id: 'root-read-only',
    title: 'root is read-only',
    judge: ({ first }) => {
      const root = mountAt(first.mounts, '/');
      return verdict(
        root.options.includes('ro') && /Read-only file system/.test(first.writeRoot.text),
        root.type,
        `mounted ${root.options.join(',')}; writing said "${first.writeRoot.text}"`,
      );
    },
  },
  {
    id: 'root-partition',
    title: 'root is slot A, as on the kernel command line',
    judge: ({ first }) => {
      const root = mountAt(first.mounts, '/');
      const told = kernelArgument(first.kernelCommandLine, 'root');
      const { slot } = bootInfo(first.bootInfo);
      const label = slotPartition('A').name;
      return verdict(
        root.partUuid !== undefined &&
          told?.toLowerCase() === `partuuid=${root.partUuid}` &&
          root.partLabel === label &&
          slot === 'A',
        root.source,
        `root=${told}, mounted ${root.source} (${root.partLabel}, ${root.partUuid}), slot ${slot}`,
      );
    },
  },
  {
    id: 'etc-overlay',
    title: '/etc is an overlay',
    judge: ({ first }) => {
      const { type, options } = mountAt(first.mounts, '/etc');
      return verdict(
        type === 'overlay' && options.includes('rw'),
        type,
        `${type}, ${options.join(',')}`,
      );
    },
  },
  ...['/var', '/home', '/root'].map(
    (directory): Check => ({
      id: `${directory.slice(1)}-on-data`,
      title: `${directory} is on the data partition, writable`,
      judge: ({ first }) => {
        const data = mountAt(first.mounts, '/data');
        const mount = mountAt(first.mounts, directory);
        return verdict(
          mount.source.startsWith(`${data.source}[`) && mount.options.includes('rw'),
          mount.source,
          `mounted from ${mount.source}, ${mount.options.join(',')}; data is ${data.source}`,
        );
      },
    }),
  ),
  {
    id: 'network',
    title: 'network is up',
    judge: (facts) => {
      const links = boots(facts).map((boot) => ({
        addresses: addresses(boot.addresses),
        gateways: gateways(boot.defaultRoute),
      }));
      const up = links.every((boot) => boot.addresses.length > 0 && boot.gateways.length > 0);
      return verdict(
        up,
        links[0]?.addresses.join(' ') ?? '',
        links
          .map((boot) => `addresses [${boot.addresses}], gateways [${boot.gateways}]`)
          .join(', then '),
      );
    },
  },
  {
    id: 'slot-space',
    title: 'slot has room for a larger image',
    judge: ({ first }) => {
      const [sectors = 0] = numbers(first.slotPartition, 1);
      const note = usage(spaceOf(first.space, '/').size, sectors * SECTOR_BYTES);
      return verdict(
        spaceOf(first.space, '/').size < sectors * SECTOR_BYTES * SLOT_FULL,
        note,
        `the image takes ${note}`,
      );
    },
  },
  {
    id: 'data-grown',
    title: 'data fills the disk',
    judge: ({ first }) => {
      const [start = 0, sectors = 0, disk = 0] = numbers(first.dataPartition, 3);
      const { size, used } = spaceOf(first.space, '/data');
      const partitionGrown = disk - (start + sectors) <= UNUSED_SECTORS;
      const fileSystemGrown = size >= sectors * SECTOR_BYTES * FILE_SYSTEM_SHARE;
      return verdict(
        partitionGrown && fileSystemGrown,
        usage(used, size),
        `disk ${gib(disk * SECTOR_BYTES)}, partition ends at ${gib((start + sectors) * SECTOR_BYTES)}` +
          ` and is ${gib(sectors * SECTOR_BYTES)}, file system ${gib(size)}`,
      );
    },
  },
  {
    id: 'boot-success',
    title: 'boot was marked good',
    judge: (facts) => {
      const marks = boots(facts).map((boot) => ({
        ...agentStatus(boot.agentStatus),
        unit: boot.markUnit.text.split('\n').sort().join(' '),
      }));
      return verdict(
        marks.every(
          ({ bootSuccess, booted, confirmed, problems, unit }) =>
            bootSuccess &&
            confirmed === booted &&
            problems.length === 0 &&
            unit === 'LoadState=loaded Result=success',
        ),
        `confirmed ${marks[0]?.confirmed}`,
        marks
          .map(
            ({ bootSuccess, booted, confirmed, problems, unit }) =>
              `boot_success ${Number(bootSuccess)}, booted ${booted}, confirmed ${confirmed}, ` +
              [unit, ...problems].join(', '),
          )
          .join('; then '),
      );
    },
  },
  {
    id: 'firmware',
    title: 'firmware is what was asked for',
    judge: ({ firmware, first }) => {
      const found = { bios: 'bios', '0': 'uefi', '1': 'secure-boot' }[first.secureBoot.text];
      return verdict(found === firmware, firmware, `${found ?? first.secureBoot.text}`);
    },
  },
];

/** Checks of what must survive a reboot. */
export const REBOOT_CHECKS: readonly Check<RebootFacts>[] = [
  {
    id: 'rebooted',
    title: 'second boot is another boot',
    judge: ({ first, second }) =>
      verdict(
        first.bootId.text !== second.bootId.text && second.bootId.status === 0,
        '',
        `boot id ${first.bootId.text}, then ${second.bootId.text}`,
      ),
  },
  {
    id: 'markers-persist',
    title: 'files in /etc, /var, /home, /root persist',
    judge: ({ marker, second }) => {
      const count = second.markers.text.split('\n').filter((line) => line === marker).length;
      return verdict(
        count === MARKED_DIRECTORIES.length,
        '',
        `${count} of ${MARKED_DIRECTORIES.length} are there after the reboot: ${second.markers.text}`,
      );
    },
  },
  {
    id: 'identity-persists',
    title: 'machine id and SSH host keys persist',
    judge: ({ first, second }) =>
      verdict(
        /^[0-9a-f]{32}$/.test(first.machineId.text) &&
          first.machineId.text === second.machineId.text &&
          first.hostKeys.status === 0 &&
          first.hostKeys.text === second.hostKeys.text,
        `${first.hostKeys.text.split('\n').length} keys`,
        `machine id ${first.machineId.text}, then ${second.machineId.text}; host keys ` +
          (first.hostKeys.text === second.hostKeys.text
            ? `the same: ${firstWords(first.hostKeys.text)}`
            : 'differ'),
      ),
  },
];

/** Evaluates one check; unreadable probe output is a failure. */
export function judge<Known extends Facts>(check: Check<Known>, facts: Known): Verdict {
  try {
    return check.judge(facts);
  } catch (error) {
    if (error instanceof UnreadableProbe) {
      return { ok: false, note: error.message };
    }
    throw error;
  }
}

function boots({ first, second }: Facts): ProbeOutputs[] {
  return second ? [first, second] : [first];
}

function verdict(ok: boolean, good: string, bad: string): Verdict {
  return { ok, note: ok ? good : bad };
}

function usage(used: number, size: number): string {
  return `${Math.round((used / size) * 100)} % of ${gib(size)}`;
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

/** The first word of each line, or "none". */
function firstWords(lines: string): string {
  return lines === ''
    ? 'none'
    : lines
        .split('\n')
        .map((line) => line.split(/\s+/)[0])
        .join(' ');
}
