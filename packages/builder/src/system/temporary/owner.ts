import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { readProcess } from '@micro-linux/core';

/** In the environment of every program this process starts, so that orphans can be told. */
export const OWNER_VARIABLE = 'MICRO_LINUX_OWNER';

/** A process that makes folders, as it stands in their names. */
export interface Owner {
  /** The start of the host, and the container, in which its pid means something. */
  readonly host: string;
  readonly pid: number;
  /** Clock ticks since the host's start; with the pid, it names one process for good. */
  readonly startTime: number;
}

/** What an {@link Owner} looks like in a name. */
export const OWNER_PATTERN = '([0-9a-f]{6})-([0-9a-z]+)-([0-9a-z]+)';

/** This process. */
export function ownOwner(): Owner {
  const self = readProcess('self');
  return { host: ownHost(), pid: process.pid, startTime: Number(self?.startTime ?? 0) };
}

/** An owner as a part of a name: short, because sockets lie in some of the folders. */
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
 * Whether an owner still runs; undefined when it is one of another host, of another container, or
 * of before this host's start, whose processes cannot be seen from here.
 */
export function ownerRuns(owner: Owner): boolean | undefined {
  if (owner.host !== ownHost()) {
    return undefined;
  }
  const found = readProcess(owner.pid);
  return found !== undefined && !found.ended && Number(found.startTime) === owner.startTime;
}

/** Pids mean something only together with this: six hex digits of the boot and the pid namespace. */
function ownHost(): string {
  return createHash('sha256')
    .update(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))
    .update(readlinkSync('/proc/self/ns/pid'))
    .digest('hex')
    .slice(0, 6);
}
