import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { exists } from '../system/files/exists.ts';

/** Firmware of a machine; `secure-boot` is UEFI with Microsoft's keys enrolled and enforced. */
export const FIRMWARE_KINDS = ['bios', 'uefi', 'secure-boot'] as const;
export type FirmwareKind = (typeof FIRMWARE_KINDS)[number];

/** Firmware of a machine: `variables` is its own, writable copy. */
export type Firmware =
  | { readonly kind: 'bios' }
  | {
      readonly kind: 'uefi' | 'secure-boot';
      readonly code: string;
      readonly variables: string;
      /** `raw` by default; a machine with snapshots needs `qcow2`. */
      readonly variablesFormat?: 'raw' | 'qcow2';
    };

/** The two files of UEFI firmware, as the distribution installs them. */
export interface UefiFiles {
  readonly code: string;
  /** The template that is copied for each machine. */
  readonly variables: string;
}

/**
 * Paths of OVMF on Debian and Ubuntu, best first: the 4 MB builds replaced the 2 MB ones in Debian
 * 12 and Ubuntu 22.04, and Ubuntu 24.04 has no others.
 */
const DIRECTORIES = ['/usr/share/OVMF', '/usr/share/ovmf'];
const FILES: Readonly<Record<'uefi' | 'secure-boot', readonly UefiFiles[]>> = {
  uefi: [
    { code: 'OVMF_CODE_4M.fd', variables: 'OVMF_VARS_4M.fd' },
    { code: 'OVMF_CODE.fd', variables: 'OVMF_VARS.fd' },
  ],
  'secure-boot': [
    { code: 'OVMF_CODE_4M.secboot.fd', variables: 'OVMF_VARS_4M.ms.fd' },
    { code: 'OVMF_CODE_4M.ms.fd', variables: 'OVMF_VARS_4M.ms.fd' },
    { code: 'OVMF_CODE.secboot.fd', variables: 'OVMF_VARS.ms.fd' },
  ],
};

/**
 * Finds the firmware files of a kind on this host.
 *
 * @param isThere Whether a file exists; replaced in tests.
 * @throws MicroLinuxError `firmware-missing`.
 */
export async function findUefiFiles(
  kind: 'uefi' | 'secure-boot',
  isThere: (path: string) => Promise<boolean> = exists,
): Promise<UefiFiles> {
  for (const directory of DIRECTORIES) {
    for (const files of FILES[kind]) {
      const code = join(directory, files.code);
      const variables = join(directory, files.variables);
      if ((await isThere(code)) && (await isThere(variables))) {
        return { code, variables };
      }
    }
  }
  throw new MicroLinuxError({
    code: 'firmware-missing',
    message: `no ${kind === 'uefi' ? 'UEFI' : 'Secure Boot'} firmware for QEMU on this host`,
    why: `looked in ${DIRECTORIES.join(' and ')} for ${FILES[kind]
      .map((files) => `${files.code} with ${files.variables}`)
      .join(', or ')}`,
    hint: './micro-linux setup-host  (or install the package ovmf)',
    details: { package: 'ovmf' },
  });
}

/**
 * Makes the firmware of one machine. For UEFI, copies the template to
 * `directory`/KIND-variables.fd, unless that exists: so a machine started again in the same
 * directory keeps its boot entries.
 *
 * @throws MicroLinuxError `firmware-missing`.
 */
export async function prepareFirmware(kind: FirmwareKind, directory: string): Promise<Firmware> {
  if (kind === 'bios') {
    return { kind };
  }
  const files = await findUefiFiles(kind);
  const variables = join(directory, `${kind}-variables.fd`);
  if (!(await exists(variables))) {
    await copyFile(files.variables, variables);
  }
  return { kind, code: files.code, variables };
}
