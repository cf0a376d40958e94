import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ExitCode, errnoOf, GIB, MicroLinuxError, reasonOf, run } from '@micro-linux/core';
import { Problem, parseByteSize } from '@micro-linux/provision';
import { Origins } from '../../config/origin.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { checkByCloudInit } from './cloud-init.ts';
import { finding } from './finding.ts';
import type { Installer } from './installer.ts';
import { lintSeed } from './lint-seed.ts';
import { reportSeed } from './report-seed.ts';

/** The options of `seed --check`. */
export interface CheckOptions {
  /** The file, from the current folder. */
  readonly check: string;
  readonly installer?: Installer;
  /** Size of the disk that the seed is for: `8G`. */
  readonly diskSize?: string;
}

/** Far larger than any seed, and smaller than a medium given by mistake. */
const MAXIMUM_BYTES = 4 * 1024 * 1024;

/**
 * Checks a user's own seed and prints what is wrong; returns the exit code, 2 for errors.
 *
 * @throws MicroLinuxError, exit code 2: `seed-missing`, `seed-unreadable`, `config-invalid` (the
 *   size of the disk).
 */
export async function runCheck(context: CommandContext, options: CheckOptions): Promise<number> {
  const { check: file, installer = 'subiquity' } = options;
  const path = resolve(context.cwd, file);
  const text = await readSeed(path, file);
  if (text === undefined) {
    const problem = 'the file is not text in UTF-8';
    const fix = 'save it as UTF-8';
    return reportSeed(context, {
      file,
      installer,
      report: {
        form: 'unreadable',
        findings: [finding('syntax', { path: '', line: 1, column: 1, problem, fix })],
        minimumDiskBytes: undefined,
        origins: new Origins(),
      },
      cloudInit: undefined,
    });
  }
  const diskBytes = sizeOfDisk(options.diskSize, context.env['SIZE_GB']);
  const report = lintSeed(text, { file, installer, diskBytes });
  const cloudInit =
    report.form === 'user-data' ? await checkByCloudInit(path, run, context.signal) : undefined;
  return reportSeed(context, { file, installer, report, cloudInit });
}

async function readSeed(path: string, asked: string): Promise<string | undefined> {
  const unreadable = (why: string, cause?: unknown) =>
    new MicroLinuxError({
      code: 'seed-unreadable',
      message: `the seed ${asked} cannot be read`,
      why,
      hint: 'name a readable file after --check',
      exitCode: ExitCode.usage,
      cause,
    });
  const info = await stat(path).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') {
      throw unreadable(reasonOf(error), error);
    }
    throw new MicroLinuxError({
      code: 'seed-missing',
      message: `the seed ${asked} does not exist`,
      why: `looked for ${path}`,
      hint: 'correct the path after --check',
      exitCode: ExitCode.usage,
    });
  });
  if (!info.isFile() || info.size > MAXIMUM_BYTES) {
    throw unreadable(info.isFile() ? `it has ${info.size} bytes` : 'it is not a regular file');
  }
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(reasonOf(error), error);
  });
  try {
    // The byte order mark stays: it is one of the things that hide a seed from cloud-init.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function sizeOfDisk(flag: string | undefined, gigabytes: string | undefined): number | undefined {
  if (flag === undefined) {
    return /^\d+$/.test(gigabytes?.trim() ?? '') ? Number(gigabytes) * GIB : undefined;
  }
  const size = parseByteSize(flag);
  if (size instanceof Problem) {
    throw new MicroLinuxError({
      code: 'config-invalid',
      message: `flag --disk-size: ${size.what}`,
      hint: size.fix,
      exitCode: ExitCode.usage,
    });
  }
  return size;
}
