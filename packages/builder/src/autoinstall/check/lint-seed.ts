import { isGroup } from '@micro-linux/provision';
import { Origins } from '../../config/origin.ts';
import { bootConfigFindings, isBootConfig } from '../boot/boot-config.ts';
import { honouredRemarks } from '../honoured/honoured-remarks.ts';
import { commandRemarks } from '../lint/commands.ts';
import { formRemarks } from '../lint/form.ts';
import { identityRemarks } from '../lint/identity.ts';
import { keyRemarks } from '../lint/keys.ts';
import { networkRemarks } from '../lint/network/network.ts';
import { reportingRemarks } from '../lint/reporting.ts';
import { settingRemarks } from '../lint/settings.ts';
import { sshRemarks } from '../lint/ssh.ts';
import { minimumDiskBytes } from '../lint/storage/sizes.ts';
import { storageActions, storageRemarks } from '../lint/storage/storage.ts';
import { userDataRemarks } from '../lint/target-user-data.ts';
import { parseSeed, type Seed } from '../seed/parse-seed.ts';
import { withoutEmptySections } from '../subiquity/empty-sections.ts';
import { schemaRemarks } from '../subiquity/schema-remarks.ts';
import { locate, type Remark, type SeedFinding, sortFindings } from './finding.ts';
import type { Installer } from './installer.ts';

export interface LintOptions {
  /** Name of the file: decides its form. */
  readonly file: string;
  /** `micro-linux`: what our own installer does not support is also an error. */
  readonly installer: Installer;
  /** Size of the disk that the seed is for, in bytes, if it is known. */
  readonly diskBytes?: number | undefined;
}

/** The result of checking a seed. */
export interface SeedReport {
  readonly form: 'user-data' | 'autoinstall' | 'boot-config' | 'unreadable';
  /** Errors first, then warnings; each by line. */
  readonly findings: readonly SeedFinding[];
  /** The smallest disk that its partitions fit on, in bytes, as far as its sizes are known. */
  readonly minimumDiskBytes: number | undefined;
  /** The position of each key; empty for a file that could not be read. */
  readonly origins: Origins;
}

/** Checks a seed, or a grub.cfg that boots one. Pure: nothing is run or read. */
export function lintSeed(text: string, options: LintOptions): SeedReport {
  if (isBootConfig(text, options.file)) {
    return {
      form: 'boot-config',
      findings: sortFindings(bootConfigFindings(text)),
      minimumDiskBytes: undefined,
      origins: new Origins(),
    };
  }
  const { seed, findings } = parseSeed(text, options.file);
  return seed === undefined
    ? {
        form: 'unreadable',
        findings: sortFindings(findings),
        minimumDiskBytes: undefined,
        origins: new Origins(),
      }
    : {
        form: seed.form,
        findings: sortFindings([...findings, ...locate(remarks(seed, options), seed.origins)]),
        minimumDiskBytes: minimumDiskBytes(storageActions(seed)),
        origins: seed.origins,
      };
}

function remarks(seed: Seed, { installer, diskBytes }: LintOptions): Remark[] {
  const form = formRemarks(seed);
  if (seed.base.length > 0 && !isGroup(seed.document['autoinstall'])) {
    // All other findings depend on where the keys are.
    return [...form, ...userDataRemarks(seed)];
  }
  const found = [
    ...form,
    ...schemaRemarks(withoutEmptySections(seed.autoinstall), seed.base),
    ...keyRemarks(seed),
    ...identityRemarks(seed),
    ...sshRemarks(seed),
    ...settingRemarks(seed),
    ...reportingRemarks(seed),
    ...userDataRemarks(seed),
    ...storageRemarks(seed, diskBytes),
    ...networkRemarks(seed),
    ...commandRemarks(seed),
  ];
  return installer === 'micro-linux' ? [...found, ...honouredRemarks(seed, found)] : found;
}
