import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { readProcess } from '@micro-linux/core';

/** Set in the environment of every program this process starts, to identify orphans. */
export const OWNER_VARIABLE = 'MICRO_LINUX_OWNER';

/** A process that creates folders, as encoded in their names. */
export interface Owner {
  /** The boot and the container in which its pid is valid. */
  readonly host: string;
  readonly pid: number;
  /** Clock ticks since the host's start; together with the pid, it identifies one process. */
  readonly startTime: number;
}

/** The form of an {@link Owner} in a name. */
export const OWNER_PATTERN = '([0-9a-f]{6})-([0-9a-z]+)-([0-9a-z]+)';

/** This process. */
export function ownOwner(): Owner {
  const self = readProcess('self');
  return { host: ownHost(), pid: process.pid, startTime: Number(self?.startTime ?? 0) };
}

/** An owner as part of a name. Short, because some of the folders contain sockets. */
export function ownerName({ host, pid, startTime }: Owner): string {
  return [host, pid.toString(36), startTime.toString(36)].join('-');
}

/** The owner in the groups of {@link OWNER_PATTERN}. */
export function parseOwner([host = '', pid = '', startTime = '']: readonly string[]): Owner {
  return {
    host,
    pid: Number.parseInt(pid, 36),
    startTime: Number.parseInt(startTime, 36),
  };
}

/**
 * Whether an owner still runs; undefined if it belongs to another host, another container or an
 * earlier boot, whose processes are not visible.
 */
export function ownerRuns(owner: Owner): boolean | undefined {
  if (owner.host !== ownHost()) {
    return undefined;
  }
  const found = readProcess(owner.pid);
  return found !== undefined && !found.ended && Number(found.startTime) === owner.startTime;
}

/** The scope in which a pid is valid: six hex digits of the boot and the pid namespace. */
function ownHost(): string {
  return createHash('sha256')
    .update(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))
    .update(readlinkSync('/proc/self/ns/pid'))
    .digest('hex')
    .slice(0, 6);
}
