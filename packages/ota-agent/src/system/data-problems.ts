import { accessSync, constants, statfsSync } from 'node:fs';
import { errnoOf, MIB } from '@micro-linux/core';
import { readRegularFile } from '../state/read-file.ts';
import { reservedBytes } from '../state/reserve.ts';
import type { System } from './system.ts';

/** With less free space for ordinary users, programs fail to write. */
const LEAST_FREE_BYTES = MIB;
/** Maximum number of lines from the initramfs's note. */
const MAXIMUM_LINES = 20;

/**
 * Problems of the data partition, for people; empty if there are none. Never throws.
 *
 * The initramfs records the problems that it found (/usr/lib/micro-linux/prepare-state); the rest
 * is checked now.
 */
export function dataProblems(system: System): readonly string[] {
  return [...notedAtBoot(system), ...readOnlyNow(system), ...fullNow(system)];
}

function notedAtBoot({ paths }: System): readonly string[] {
  try {
    const lines = readRegularFile(paths.dataNotes).toString('utf8').split('\n');
    return lines.filter((line) => line.trim() !== '').slice(0, MAXIMUM_LINES);
  } catch {
    return [];
  }
}

function readOnlyNow({ paths }: System): readonly string[] {
  try {
    accessSync(paths.state, constants.W_OK);
    return [];
  } catch (error) {
    return errnoOf(error) === 'EROFS' ? ['the data partition is read-only: nothing is kept'] : [];
  }
}

function fullNow({ paths }: System): readonly string[] {
  try {
    const { bavail, bfree, bsize } = statfsSync(paths.state);
    if (bavail * bsize >= LEAST_FREE_BYTES) {
      return [];
    }
    const rest = `at most ${mib(bfree * bsize)} MiB are left for root, ${mib(reservedBytes(paths.state))} MiB for ota-agent`;
    return [`the data partition is full: ${rest}`];
  } catch {
    return [];
  }
}

const mib = (bytes: number) => (bytes / MIB).toFixed(1);
