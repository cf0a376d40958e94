import type { Config } from '../config/config.ts';
import type { Profile } from '../profiles/profile.ts';
import { cloudInit } from './cloud-init.ts';
import type { Area, Contribution } from './contribution.ts';
import { network } from './network.ts';
import { users } from './users/users.ts';

/** Every area, in the order in which their files are written. */
const AREAS: readonly Area[] = [cloudInit, network, users];

/** What the config adds to its profile. */
export function productOf(config: Config, profile: Profile): Required<Contribution> {
  const contributions = AREAS.map((area) => area(config, profile));
  return {
    packages: contributions.flatMap(({ packages = [] }) => packages),
    entries: contributions.flatMap(({ entries = [] }) => entries),
    summary: Object.assign({}, ...contributions.map(({ summary }) => summary)),
  };
}
