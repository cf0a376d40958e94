import { ExitCode, MicroLinuxError } from '@micro-linux/core';

/** 2026-01-01T00:00:00Z */
const DEFAULT_EPOCH = 1_767_225_600;

/** The year 2106: time stamps in file systems from mke2fs have 32 bits. */
const LAST = 2 ** 32 - 1;

/**
 * SOURCE_DATE_EPOCH if set (reproducible-builds.org), otherwise a fixed day: times inside an image
 * are not meaningful, and with real ones each build would differ.
 *
 * @returns seconds since 1970.
 * @throws MicroLinuxError `epoch-invalid`, exit code 2: a build that must be reproducible would not be.
 */
export function sourceDateEpoch(env: Readonly<Record<string, string | undefined>>): number {
  const given = env['SOURCE_DATE_EPOCH']?.trim() ?? '';
  if (given === '') {
    return DEFAULT_EPOCH;
  }
  const seconds = Number(given);
  if (!/^\d+$/.test(given) || seconds > LAST) {
    throw new MicroLinuxError({
      code: 'epoch-invalid',
      message: `environment variable SOURCE_DATE_EPOCH is ${JSON.stringify(given.slice(0, 40))}, which is not a time that an image can have`,
      why: `it is a number of seconds since 1970, up to ${LAST} (2106)`,
      hint: 'export SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)", or unset it',
      exitCode: ExitCode.usage,
    });
  }
  return seconds;
}
