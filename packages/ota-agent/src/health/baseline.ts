import { type AgentConfig, splitHost } from '@micro-linux/provision';
import type { Baseline } from '../state/trial.ts';
import type { System } from '../system/system.ts';
import { hasDefaultRoute } from './default-route.ts';
import { showUnits } from './unit-states.ts';

const SSHD = { host: '127.0.0.1', port: 22 } as const;

/**
 * What works now, under the current system. A part that cannot be determined counts as not working,
 * so it is not required afterwards.
 */
export async function captureBaseline(system: System, config: AgentConfig): Promise<Baseline> {
  const { health } = config;
  const [units, sshd, hosts] = await Promise.all([
    longRunningServices(system).catch(() => []),
    health.sshd ? sshdAnswers(system) : false,
    Promise.all(health.hosts.map((address) => hostAnswers(system, address))),
  ]);
  return {
    units: units.filter((unit) => !health.ignoreUnits.includes(unit)),
    defaultRoute: hasDefaultRoute(system),
    sshd,
    hosts: health.hosts.filter((_, index) => hosts[index]),
  };
}

/** Whether this machine's sshd sends its greeting. */
export async function sshdAnswers(system: System): Promise<boolean> {
  const { greeting } = await system.connect(SSHD.host, SSHD.port);
  return greeting.startsWith('SSH-');
}

/** Whether a configured `host:port` accepts a connection. */
export async function hostAnswers(system: System, address: string): Promise<boolean> {
  const place = splitHost(address);
  return place !== undefined && (await system.connect(place.host, place.port)).connected;
}

/**
 * Running services that the boot itself starts. Services started on demand (by D-Bus, a socket, a
 * timer, a login) may be idle after the next boot although all is well.
 */
async function longRunningServices(system: System): Promise<readonly string[]> {
  const properties = ['Id', 'Type', 'SubState', 'Transient', 'WantedBy', 'RequiredBy', 'UpheldBy'];
  const services = await showUnits(system, properties, ['*.service']);
  return services
    .filter((service) => {
      const get = (property: string) => service.get(property) ?? '';
      return (
        get('SubState') === 'running' &&
        get('Type') !== 'oneshot' &&
        get('Transient') !== 'yes' &&
        // `WantedBy` and similar properties name what pulled it in; on-demand services have none.
        ['WantedBy', 'RequiredBy', 'UpheldBy'].some((property) => get(property) !== '') &&
        !PERSONAL.test(get('Id'))
      );
    })
    .map((service) => service.get('Id') ?? '')
    .sort();
}

/** Belongs to a login or a terminal, not to the machine. */
const PERSONAL =
  /^(user@|user-runtime-dir@|session-|getty@|serial-getty@|console-getty|container-getty@|autovt@|emergency|rescue|debug-shell)/;
