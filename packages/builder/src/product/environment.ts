import type { Config } from '../config/config.ts';
import type { Contribution } from './contribution.ts';
import { dropIn, settingsFile } from './settings-file.ts';

/**
 * Variables of all services (systemd-system.conf(5)), of logins (pam_env(8)) and of services of users
 * (environment.d(5)). Values have no quotes and no backslashes.
 */
export function environment({ environment: variables }: Pick<Config, 'environment'>): Contribution {
  const entries = Object.entries(variables);
  if (entries.length === 0) {
    return {};
  }
  const lines = (quote: (name: string, value: string) => string) =>
    entries.map(([name, value]) => quote(name, value));
  return {
    entries: [
      ...dropIn('/usr/lib/systemd/system.conf.d', '50-micro-linux-environment.conf', [
        '[Manager]',
        ...lines((name, value) => `DefaultEnvironment="${name}=${value.replaceAll('%', '%%')}"`),
      ]),
      settingsFile(
        '/etc/environment',
        lines((name, value) => `${name}=${value}`),
      ),
      ...dropIn('/usr/lib/environment.d', '50-micro-linux.conf', [
        ...lines((name, value) => `${name}="${value.replaceAll('$', '$$$$')}"`),
      ]),
    ],
    // Only the names: a value may be an address that is nobody's business.
    summary: { environment: Object.keys(variables) },
  };
}
