import type { TreeEntry } from '@micro-linux/provision';
import type { Config } from '../config/config.ts';
import { pythonYaml } from '../config/python-yaml.ts';
import type { Profile } from '../profiles/profile.ts';
import type { Contribution } from './contribution.ts';

/** cloud-init and its configuration; nothing if it is not enabled. */
export function cloudInit(
  config: Pick<Config, 'cloudInit' | 'user'>,
  profile: Pick<Profile, 'vendor'>,
): Contribution {
  return config.cloudInit.enabled
    ? {
        packages: ['cloud-init'],
        entries: files(config, profile),
        summary: { cloudInit: { datasources: config.cloudInit.datasources } },
      }
    : {};
}

/** They override those of the package, whose defaults are for a writable root. */
function files(
  { cloudInit, user }: Pick<Config, 'cloudInit' | 'user'>,
  { vendor }: Pick<Profile, 'vendor'>,
): TreeEntry[] {
  const file = (path: string, content: string): TreeEntry => ({ kind: 'file', path, content });
  return [
    file('/etc/cloud/cloud.cfg', HEADER + pythonYaml(settings(vendor, user.name))),
    file(
      '/etc/cloud/cloud.cfg.d/05_logging.cfg',
      `${HEADER}log_cfgs:\n  - - |\n${LOGGING.replaceAll(/^(?=.)/gm, '      ')}`,
    ),
    // Sorts after the list that the package writes for all clouds. On one line: a shell script reads it.
    file(
      '/etc/cloud/cloud.cfg.d/99-micro-linux.cfg',
      `${HEADER}datasource_list: [ ${cloudInit.datasources.join(', ')} ]\n`,
    ),
    { kind: 'directory', path: WAIT_DROP_IN },
    file(`${WAIT_DROP_IN}/20-cloud-init.conf`, WAIT_ONLINE),
  ];
}

const HEADER =
  '# Written by micro-linux; docs/guides/cloud-init.md explains it. To change some, use cloud.cfg.d.\n';

/**
 * The device's identity is on the data partition: cloud-init adds what its user-data sets,
 * and removes nothing. Modules that would install packages, grow the root, or write the boot
 * loader, fstab or apt's lists are left out.
 */
function settings(distro: Profile['vendor'], userName: string) {
  return {
    users: ['default'],
    disable_root: true,
    preserve_hostname: false,
    ssh_deletekeys: false,
    // Keys are made by systemd/scripts/ssh-host-keys.
    ssh_genkeytypes: ['ed25519', 'ecdsa'],
    network: { config: 'disabled' },
    cloud_init_modules: ['bootcmd', 'write_files', 'set_hostname', 'users_groups', 'ssh'],
    cloud_config_modules: ['set_passwords', 'timezone', 'runcmd'],
    cloud_final_modules: [
      'write_files_deferred',
      'scripts_vendor',
      'scripts_per_once',
      'scripts_per_boot',
      'scripts_per_instance',
      'scripts_user',
      'phone_home',
      'final_message',
      'power_state_change',
    ],
    system_info: {
      distro,
      // The user of the image gets the keys of the cloud; its password stays.
      default_user: { name: userName, lock_passwd: false },
      paths: { cloud_dir: '/var/lib/cloud/', templates_dir: '/etc/cloud/templates/' },
      ssh_svcname: 'ssh',
    },
  };
}

/** To the journal, which is bounded: files in /var/log would grow with each boot. */
const LOGGING = `[loggers]
keys=root,cloudinit

[handlers]
keys=consoleHandler,journalHandler

[formatters]
keys=plain

[logger_root]
level=DEBUG
handlers=consoleHandler,journalHandler

[logger_cloudinit]
level=DEBUG
qualname=cloudinit
handlers=
propagate=1

[handler_consoleHandler]
class=StreamHandler
level=WARNING
formatter=plain
args=(sys.stderr,)

[handler_journalHandler]
class=handlers.SysLogHandler
level=INFO
formatter=plain
args=("/dev/log", handlers.SysLogHandler.LOG_DAEMON)

[formatter_plain]
format=cloud-init: %(filename)s[%(levelname)s]: %(message)s
`;

const WAIT_DROP_IN = '/usr/lib/systemd/system/systemd-networkd-wait-online.service.d';

/**
 * cloud-init starts before logins and waits for this, but not two minutes if nothing gives an address.
 * Replaces the command that systemd/units has for all images.
 */
const WAIT_ONLINE = `[Service]
ExecStart=
ExecStart=/usr/lib/systemd/systemd-networkd-wait-online --any --timeout=30
`;
