import type { Reporter } from '@micro-linux/core';
import { findingsBeforehand, refuseErrors } from '../autoinstall/check/own-seed.ts';
import { renderFindings } from '../autoinstall/check/render-findings.ts';
import { SeedFile } from '../autoinstall/make/seed-files.ts';
import type { Config } from '../config/config.ts';

/**
 * Checks the seed of a config before anything slow, and warns about what may be intended.
 *
 * @throws MicroLinuxError `seed-refused`.
 */
export function reportSeedBeforehand(config: Config, reporter: Reporter): void {
  const findings = findingsBeforehand(config);
  refuseErrors(findings);
  if (findings.length > 0) {
    reporter.warn(renderFindings(SeedFile.userData, findings));
  }
}
