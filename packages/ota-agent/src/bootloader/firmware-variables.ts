import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Namespaces of the variables (UEFI specification §3.3 and §32.6.1; shim's own). */
const Namespace = {
  global: '8be4df61-93ca-11d2-aa0d-00e098032b8c',
  imageSecurity: 'd719b2cb-3d3a-4596-a3bc-dad00e67656f',
  shim: '605dab50-e046-4300-abb6-3dd810dd8b23',
} as const;

/** Attributes in front of each variable's contents, as efivarfs shows it. */
const ATTRIBUTE_BYTES = 4;

/** The variables that Secure Boot depends on; undefined where the firmware has none, or with BIOS. */
export interface FirmwareVariables {
  readonly secureBoot: boolean;
  /** Signature lists of programs that may start. */
  readonly database: Buffer | undefined;
  /** Text of the revocation levels, which shim mirrors for the running system. */
  readonly sbatLevel: string | undefined;
}

/** @param directory where efivarfs is mounted. Never throws. */
export function readFirmwareVariables(directory: string): FirmwareVariables {
  const variable = (name: string, namespace: string) => {
    try {
      return readFileSync(join(directory, `${name}-${namespace}`)).subarray(ATTRIBUTE_BYTES);
    } catch {
      return undefined;
    }
  };
  return {
    secureBoot: variable('SecureBoot', Namespace.global)?.at(0) === 1,
    database: variable('db', Namespace.imageSecurity),
    sbatLevel: variable('SbatLevelRT', Namespace.shim)?.toString('latin1'),
  };
}
