import type { Config } from '../config/config.ts';
import { moduleName } from '../config/kernel-settings.ts';
import type { Contribution } from './contribution.ts';
import { settingsFile } from './settings-file.ts';

/** After the files of distributions and ours, so that the config counts. */
const NAME = '90-micro-linux.conf';

/** After `systemd.conf`, which has options too: of the same parameter, the last one counts. */
const MODPROBE_FILE = '/usr/lib/modprobe.d/zz-micro-linux.conf';

/** Kernel modules and kernel settings: modules-load.d(5), modprobe.d(5), sysctl.d(5). */
export function kernelSettings({
  modules,
  sysctl,
}: Pick<Config, 'modules' | 'sysctl'>): Contribution {
  const settings = Object.entries(sysctl);
  const options = Object.entries(modules.options);
  const modprobe = [
    ...modules.blacklist.map((name) => `blacklist ${name}`),
    ...options.map(([name, parameters]) => `options ${name} ${parameters.join(' ')}`),
  ];
  return {
    entries: [
      ...(modules.load.length === 0
        ? []
        : [settingsFile(`/usr/lib/modules-load.d/${NAME}`, modules.load)]),
      ...(modprobe.length === 0 ? [] : [settingsFile(MODPROBE_FILE, modprobe)]),
      ...(settings.length === 0
        ? []
        : [
            settingsFile(
              `/usr/lib/sysctl.d/${NAME}`,
              settings.map(([key, value]) => `${key} = ${value}`),
            ),
          ]),
    ],
    modules: [
      ...modules.load.map((module) => ({ module, key: ['modules', 'load'] })),
      ...options.map(([module]) => ({ module, key: ['modules', 'options', module] })),
    ].map(({ module, key }) => ({ module: moduleName(module), key })),
    summary: {
      ...(modules.load.length + modprobe.length === 0 ? {} : { modules }),
      ...(settings.length === 0 ? {} : { sysctl }),
    },
  };
}
