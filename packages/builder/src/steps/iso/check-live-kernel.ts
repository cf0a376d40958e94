import { readFile } from 'node:fs/promises';
import { MicroLinuxError, type Reporter, type Runner } from '@micro-linux/core';
import type { Profile } from '../../profiles/profile.ts';
import { VENDORS } from '../../profiles/vendors.ts';
import type { SlotImage } from '../slot/slot-step.ts';
import { type LiveKernel, liveKernel } from './live-kernel.ts';

export interface CheckLiveKernelOptions {
  /** Steps that have run already. */
  readonly slot: Pick<SlotImage, 'image' | 'listing'>;
  readonly vendor: Profile['vendor'];
  readonly run: Runner;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** Present in most machines. */
const COMMON = ['a DVD drive on SATA', 'a USB stick'];

/**
 * Checks whether the slot's kernel can read the medium that the firmware booted, and warns about
 * media it cannot read.
 *
 * @throws MicroLinuxError `live-kernel`: no medium at all.
 */
export async function checkLiveKernel(options: CheckLiveKernelOptions): Promise<LiveKernel> {
  const { slot, vendor, reporter } = options;
  const paths = (await readFile(slot.listing, 'utf8'))
    .split('\n')
    .map((line) => line.slice(line.indexOf('\t') + 1));
  const found = liveKernel(paths, await builtinDrivers(paths, options));
  const hint = `kernel: {package: ${VENDORS[vendor].wholeKernel}}  in micro-linux.yaml`;
  if (found.missing.length > 0 || found.media.length === 0) {
    throw new MicroLinuxError({
      code: 'live-kernel',
      message: 'no ISO can be made: the kernel of this image cannot start from one',
      why:
        found.missing.length > 0
          ? `it has no ${found.missing.join(', ')}`
          : 'it has no driver for any drive that an ISO may be in',
      hint,
    });
  }
  const lacking = found.unreadable.filter(({ media }) => COMMON.includes(media));
  if (lacking.length > 0) {
    reporter.warn(
      [
        `the ISO does not start from ${lacking.map(({ media }) => media).join(' or ')}:`,
        `the kernel lacks ${[...new Set(lacking.flatMap(({ missing }) => missing))].join(', ')}.`,
        `It does from ${found.media.join(', ')}.`,
        `For the others: ${hint}`,
      ].join(' '),
    );
  }
  return found;
}

/** Text of the kernel's modules.builtin: drivers that are not separate files. */
async function builtinDrivers(
  paths: readonly string[],
  { slot, run, signal }: CheckLiveKernelOptions,
): Promise<string> {
  const path = paths.find((one) => one.endsWith('/modules.builtin'));
  if (path === undefined) {
    return '';
  }
  const { stdout } = await run('debugfs', ['-R', `cat "/${path}"`, slot.image], { signal });
  return stdout;
}
