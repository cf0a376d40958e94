import type { Config } from '../config/config.ts';
import type { Contribution } from './contribution.ts';
import { dropIn } from './settings-file.ts';

/** The time servers of systemd-timesyncd: timesyncd.conf(5). */
export function timeServers({ ntp }: Pick<Config, 'ntp'>): Contribution {
  const lines = [
    ...(ntp.servers.length === 0 ? [] : [`NTP=${ntp.servers.join(' ')}`]),
    ...(ntp.fallback.length === 0 ? [] : [`FallbackNTP=${ntp.fallback.join(' ')}`]),
  ];
  return lines.length === 0
    ? {}
    : {
        entries: dropIn('/usr/lib/systemd/timesyncd.conf.d', '50-micro-linux.conf', [
          '[Time]',
          ...lines,
        ]),
        summary: { ntp },
      };
}
