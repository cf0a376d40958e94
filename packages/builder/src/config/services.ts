import { Problem, show } from '@micro-linux/provision';
import type { ServicesConfig } from './system.ts';
import { parseUnitName } from './unit-name.ts';

/** Lists of `services`. */
type List = keyof ServicesConfig;

/** Units that every boot, shutdown or update needs, and what for. */
const NEEDED: readonly (readonly [why: string, units: readonly string[]])[] = [
  [
    'every boot is ordered by it',
    [
      'basic.target',
      'local-fs.target',
      'local-fs-pre.target',
      'multi-user.target',
      'paths.target',
      'sockets.target',
      'sysinit.target',
      'timers.target',
    ],
  ],
  ['a boot is only confirmed once it is reached', ['boot-complete.target']],
  [
    'a trial that fails restarts the device with it',
    ['final.target', 'reboot.target', 'shutdown.target', 'systemd-reboot.service', 'umount.target'],
  ],
  [
    'the journal shows why a trial failed',
    ['systemd-journald.service', 'systemd-journald.socket', 'systemd-journald-dev-log.socket'],
  ],
  [
    'it finds disks and network interfaces',
    [
      'systemd-udevd.service',
      'systemd-udevd-kernel.socket',
      'systemd-udevd-control.socket',
      'systemd-udev-trigger.service',
    ],
  ],
  ['the agent and every service talk to systemd with it', ['dbus.service', 'dbus.socket']],
  ['it creates files that services need to start', ['systemd-tmpfiles-setup.service']],
  [
    'it restarts the device on a kernel error, so that GRUB counts the boot',
    ['systemd-sysctl.service'],
  ],
];

/** What a check of `services` needs to know besides. */
export interface ServicesContext {
  readonly requiredUnits: readonly string[];
  /** Names of `packages.add`. */
  readonly packages: readonly string[];
  readonly hasFirewall: boolean;
  readonly loadsModules: boolean;
}

/** Refuses lists that contradict each other, or stop what the system needs. Paths are relative to the top. */
export function checkServices(
  services: ServicesConfig,
  context: ServicesContext,
): readonly Problem[] {
  return [...twice(services), ...stopped(services, context), ...ours(services)];
}

/** The alternatives of an entry of `health.requiredUnits`. */
export function alternativesOf(entry: string): readonly string[] {
  return entry.split('|').map((name) => name.trim());
}

function twice(services: ServicesConfig): readonly Problem[] {
  const pairs: readonly (readonly [List, List])[] = [
    ['disable', 'enable'],
    ['mask', 'enable'],
    ['mask', 'disable'],
  ];
  return pairs.flatMap(([list, other]) =>
    services[list].flatMap((name, index) =>
      services[other].includes(name)
        ? [
            problemAt(
              list,
              index,
              `${show(name)} is also under services.${other}`,
              'keep it in one of the lists: a masked unit is disabled too',
            ),
          ]
        : [],
    ),
  );
}

function ours(services: ServicesConfig): readonly Problem[] {
  const isOurs = (name: string) => /^(ota-agent|micro-linux)-/.test(name);
  return (['enable', 'disable', 'mask'] as const).flatMap((list) =>
    services[list].flatMap((name, index) =>
      isOurs(name)
        ? [
            problemAt(
              list,
              index,
              `${show(name)} belongs to micro-linux, which enables what the device needs`,
              'remove it from the list; docs/guides/health.md says what its units do',
            ),
          ]
        : [],
    ),
  );
}

function stopped(services: ServicesConfig, context: ServicesContext): readonly Problem[] {
  const off = new Set([...services.disable, ...services.mask]);
  return (['disable', 'mask'] as const).flatMap((list) =>
    services[list].flatMap((name, index) => {
      const problem = (why: string, fix: string) =>
        problemAt(list, index, `${show(name)} cannot be turned off: ${why}`, fix);
      const needed = neededFor(name, context);
      if (needed !== undefined) {
        return [problem(needed, 'remove it from the list')];
      }
      const entry = context.requiredUnits.find(
        (candidate) =>
          alternativesOf(candidate).includes(name) &&
          !alternativesOf(candidate).some(
            (other) => !off.has(other) && isLikely(other, services, context),
          ),
      );
      return entry === undefined
        ? []
        : [
            problem(
              `the health check requires ${show(entry)}, so the device would never become healthy`,
              `remove it from the list, enable another one under services.enable, or set agent.health.requiredUnits`,
            ),
          ];
    }),
  );
}

function neededFor(name: string, context: ServicesContext): string | undefined {
  if (name === 'nftables.service' && context.hasFirewall) {
    return 'it loads the firewall';
  }
  if (name === 'systemd-modules-load.service' && context.loadsModules) {
    return 'it loads the modules of modules.load';
  }
  return NEEDED.find(([, units]) => units.includes(name))?.[0];
}

/** Packages with network managers, by the unit each has. */
const MANAGERS: Readonly<Record<string, string>> = {
  'NetworkManager.service': 'network-manager',
  'networking.service': 'ifupdown',
};

/**
 * Whether a unit may run in place of one that is turned off. For a network manager other than networkd,
 * the config must say so; the slot step looks at everything else in the image.
 */
function isLikely(name: string, services: ServicesConfig, { packages }: ServicesContext): boolean {
  const manager = MANAGERS[name];
  return manager === undefined || services.enable.includes(name) || packages.includes(manager);
}

/** Refuses a default target that never confirms a boot. */
export function parseDefaultTarget(text: string): string | Problem {
  const name = parseUnitName(/\.[a-z]+$/.test(text) ? text : `${text}.target`);
  if (name instanceof Problem) {
    return name;
  }
  if (!name.endsWith('.target')) {
    return new Problem(`${show(text)} is not a target`, 'write a target such as graphical.target');
  }
  return NOT_DEFAULT.includes(name)
    ? new Problem(
        `${show(text)} does not start the services of the device, so no boot becomes healthy`,
        'write multi-user.target, graphical.target or a target of yours that requires one of them',
      )
    : name;
}

const NOT_DEFAULT = [
  ...['rescue', 'emergency', 'halt', 'poweroff', 'reboot', 'kexec', 'soft-reboot', 'exit'],
  ...['shutdown', 'sleep', 'suspend', 'hibernate', 'hybrid-sleep', 'basic', 'sysinit'],
  ...['default', 'boot-complete', 'initrd', 'factory-reset', 'system-update'],
  ...['micro-linux-install', 'micro-linux-rescue'],
].map((name) => `${name}.target`);

/** Units that run only after the health checks: they cannot be a condition of them. */
export function checkRequiredUnits(required: readonly string[]): readonly Problem[] {
  return required.flatMap((entry, index) => {
    const late = alternativesOf(entry).find((name) => /^(ota-agent-|boot-complete\.)/.test(name));
    return late === undefined
      ? []
      : [
          new Problem(
            `${show(late)} waits for the health checks, so they would wait for it forever`,
            'remove it from the list',
            { at: ['agent', 'health', 'requiredUnits', index] },
          ),
        ];
  });
}

function problemAt(list: List, index: number, what: string, fix: string): Problem {
  return new Problem(what, fix, { at: ['services', list, index] });
}
