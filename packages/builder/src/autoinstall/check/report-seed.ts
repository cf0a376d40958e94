import { ExitCode, errorToObject, MIB, MicroLinuxError } from '@micro-linux/core';
import { formatByteSize } from '@micro-linux/provision';
import type { CommandContext } from '../../system/command-context.ts';
import { type CloudInitResult, complaintFindings, explainCloudInit } from './cloud-init.ts';
import { sortFindings } from './finding.ts';
import type { Installer } from './installer.ts';
import type { SeedReport } from './lint-seed.ts';
import { countFindings, renderFindings } from './render-findings.ts';

export interface CheckedSeed {
  /** The name in findings. */
  readonly file: string;
  readonly installer: Installer;
  readonly report: SeedReport;
  /** Undefined if cloud-init does not check this kind of file. */
  readonly cloudInit: CloudInitResult | undefined;
}

/** Prints what was found, errors before warnings; returns the exit code. */
export function reportSeed({ reporter }: CommandContext, checked: CheckedSeed): number {
  const { file, installer, report, cloudInit } = checked;
  const findings = sortFindings([
    ...report.findings,
    ...(cloudInit ? complaintFindings(cloudInit, report.origins) : []),
  ]);
  const errors = findings.filter(({ severity }) => severity === 'error');
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  const minimum = report.minimumDiskBytes;
  const leftOut = cloudInit && explainCloudInit(cloudInit);
  const human = [
    ...[errors, warnings]
      .filter(({ length }) => length > 0)
      .map((some) => renderFindings(file, some)),
    [
      `${file}: ${countFindings(findings)}`,
      ...(minimum === undefined
        ? []
        : [`its partitions need a disk of ${formatByteSize(Math.ceil(minimum / MIB) * MIB)}`]),
      ...(leftOut === undefined ? [] : [leftOut]),
    ].join('; '),
  ].join('\n\n');
  reporter.result(human, {
    file,
    form: report.form,
    installer,
    errors,
    warnings,
    minimumDiskBytes: minimum,
    cloudInit: cloudInit?.state ?? 'not-for-this',
    ...(errors.length === 0 ? {} : errorToObject(seedHasErrors(file, errors.length))),
  });
  return errors.length === 0 ? ExitCode.done : ExitCode.usage;
}

function seedHasErrors(file: string, count: number): MicroLinuxError {
  return new MicroLinuxError({
    code: 'seed-has-errors',
    message: `${file} has ${count} ${count === 1 ? 'error' : 'errors'}`,
    hint: 'fix the `errors`: docs/guides/seed.md',
    exitCode: ExitCode.usage,
  });
}
