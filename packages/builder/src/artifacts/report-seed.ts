import type { Reporter } from '@micro-linux/core';
import { findingsBeforehand, refuseErrors } from '../autoinstall/check/own-seed.ts';
import { renderFindings } from '../autoinstall/check/render-findings.ts';
import { SeedFile } from '../autoinstall/make/seed-files.ts';
import type { Config } from '../config/config.ts';

/**
 * Looks at the seed a config makes before anything that takes long, and warns of what may be meant.
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
