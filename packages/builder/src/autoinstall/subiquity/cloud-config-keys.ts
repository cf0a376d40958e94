import { CLOUD_CONFIG_SCHEMA } from '../cloud-config/schema-errors.ts';

/** Top-level keys of cloud-config. */
export const CLOUD_CONFIG_KEYS: ReadonlySet<string> = new Set(
  Object.keys(CLOUD_CONFIG_SCHEMA.properties),
);

/** Those that people write next to `autoinstall` but intend for the installed system. */
export const EASILY_MISTAKEN: ReadonlySet<string> = new Set([
  ...['apt', 'chpasswd', 'drivers', 'fqdn', 'hostname', 'keyboard', 'locale', 'packages'],
  ...['password', 'reporting', 'ssh', 'ssh_authorized_keys', 'ssh_pwauth', 'timezone'],
  ...['updates', 'user', 'users'],
]);
