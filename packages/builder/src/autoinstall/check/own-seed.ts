import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import {
  formatKeyPath,
  type Identity,
  keyOutsideSeeds,
  withoutSecrets,
} from '@micro-linux/provision';
import type { Config } from '../../config/config.ts';
import { identityOf } from '../../config/identity/identity-of.ts';
import { makeAutoinstall } from '../make/autoinstall.ts';
import { SeedFile, type SeedTexts, seedTexts } from '../make/seed-files.ts';
import { finding, type SeedFinding } from './finding.ts';
import { lintSeed, type SeedReport } from './lint-seed.ts';
import { renderFindings } from './render-findings.ts';

/** A placeholder for a hash: it has the right form, and no password matches it. */
const NO_HASH = `$6$nobody$${'.'.repeat(86)}`;

/** Checks the user-data of a config, as both installers do. */
export function lintOwnSeed(userData: string, config: Config): SeedReport {
  const report = lintSeed(userData, {
    file: SeedFile.userData,
    installer: 'micro-linux',
    diskBytes: config.disk.sizeBytes,
  });
  return { ...report, findings: [...notInSeeds(config), ...report.findings] };
}

/** Keys of the config that a seed cannot express. */
function notInSeeds({ network }: Config): readonly SeedFinding[] {
  return network.kind !== 'interfaces'
    ? []
    : Object.entries(network.interfaces).flatMap(([id, one]) => {
        const key = keyOutsideSeeds(one);
        const path = formatKeyPath(['network', 'interfaces', id, ...(key ?? [])]);
        return key === undefined
          ? []
          : [
              finding('not-honoured', {
                path: `micro-linux.yaml: ${path}`,
                line: 1,
                column: 1,
                problem: 'has no equivalent in a seed',
                fix: 'match by name, mac or driver; a wireless interface by its name',
              }),
            ];
      });
}

/** The identity of a config, with a placeholder for any hash, its own included. */
export function identityBeforehand(config: Config): Identity {
  const isDisabled = config.user.password.kind === 'disabled';
  return { ...identityOf(config, undefined), passwordHash: isDisabled ? undefined : NO_HASH };
}

/** A config with placeholders for the passwords of its networks. */
export function withoutNetworkSecrets(config: Config): Config {
  return { ...config, network: withoutSecrets(config.network) };
}

/** The seed that a config would make, with placeholders for all its secrets. */
export function seedForDisplay(config: Config, instanceId: string): SeedTexts {
  const { passwordHash } = identityBeforehand(config);
  return seedTexts(makeAutoinstall(withoutNetworkSecrets(config), passwordHash), instanceId);
}

/** A text of {@link seedForDisplay} for display. */
export function withoutHash(text: string): string {
  return text.replaceAll(NO_HASH, '(hash)');
}

/** Checks the seed that a config would make, before a password is made. */
export function findingsBeforehand(config: Config): readonly SeedFinding[] {
  const { passwordHash } = identityBeforehand(config);
  const texts = seedTexts(makeAutoinstall(config, passwordHash), 'micro-linux');
  return lintOwnSeed(texts[SeedFile.userData], config).findings;
}

/** Refuses a seed with errors. @throws MicroLinuxError `seed-refused`, exit code 2. */
export function refuseErrors(findings: readonly SeedFinding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw new MicroLinuxError({
      code: 'seed-refused',
      message: 'the configuration makes a seed that does not install',
      why: renderFindings(SeedFile.userData, errors),
      hint: 'fix it in micro-linux.yaml; `micro-linux seed --dry-run` shows the seed',
      exitCode: ExitCode.usage,
      details: { findings: errors.map((one) => ({ ...one })) },
    });
  }
}
