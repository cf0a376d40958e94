import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { exists } from '../system/files/exists.ts';

/** Ways a machine can start; `secure-boot` is UEFI with Microsoft's keys enrolled and enforced. */
export const FIRMWARE_KINDS = ['bios', 'uefi', 'secure-boot'] as const;
export type FirmwareKind = (typeof FIRMWARE_KINDS)[number];

/** Firmware ready for a machine: `variables` is the machine's own, writable copy. */
export type Firmware =
  | { readonly kind: 'bios' }
  | {
      readonly kind: 'uefi' | 'secure-boot';
      readonly code: string;
      readonly variables: string;
      /** `raw` unless told; a machine with snapshots needs `qcow2`. */
      readonly variablesFormat?: 'raw' | 'qcow2';
    };

/** The two files UEFI firmware comes in, as the distribution installs them. */
export interface UefiFiles {
  readonly code: string;
  /** The template each machine takes its own copy of. */
  readonly variables: string;
}

/**
 * Where Debian and Ubuntu put OVMF, best first: the 4 MB builds replaced the 2 MB ones in Debian 12
 * and Ubuntu 22.04, and Ubuntu 24.04 has no others.
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
 * @param isThere Whether a file is there; injected by tests.
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
 * Makes the firmware of one machine: for UEFI, `directory`/KIND-variables.fd is a fresh copy of the
 * template, unless it is there already; so a machine started again in the same directory remembers
 * its boot entries.
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
