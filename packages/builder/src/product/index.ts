import type { Config } from '../config/config.ts';
import type { Profile } from '../profiles/profile.ts';
import { agent } from './agent.ts';
import { cloudInit } from './cloud-init.ts';
import type { Area, Contribution } from './contribution.ts';
import { environment } from './environment.ts';
import { firewall } from './firewall.ts';
import { kernelSettings } from './kernel-settings.ts';
import { network } from './network.ts';
import { services } from './services.ts';
import { swap } from './swap.ts';
import { timeServers } from './time-servers.ts';
import { users } from './users/users.ts';

/** Every area, in the order in which their files are written. */
const AREAS: readonly Area[] = [
  kernelSettings,
  timeServers,
  swap,
  environment,
  firewall,
  agent,
  services,
  cloudInit,
  network,
  users,
];

/** What the config adds to its profile. */
export function productOf(config: Config, profile: Profile): Required<Contribution> {
  const contributions = AREAS.map((area) => area(config, profile));
  return {
    packages: contributions.flatMap(({ packages = [] }) => packages),
    entries: contributions.flatMap(({ entries = [] }) => entries),
    units: contributions.flatMap(({ units = [] }) => units),
    modules: contributions.flatMap(({ modules = [] }) => modules),
    files: contributions.flatMap(({ files = [] }) => files),
    summary: Object.assign({}, ...contributions.map(({ summary }) => summary)),
  };
}
