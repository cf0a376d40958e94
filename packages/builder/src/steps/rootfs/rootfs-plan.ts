import type { Config } from '../../config/config.ts';
import { productOf } from '../../product/index.ts';
import type { Profile } from '../../profiles/profile.ts';
import type { BuildFacts } from '../build-facts.ts';
import { earlyAccounts } from './early-accounts.ts';
import type { RootfsPlan } from './mmdebstrap-arguments.ts';
import { needsLocaleData, packageList } from './package-list.ts';

/** The part of a plan that mmdebstrap executes. */
export function rootfsPlan(
  config: Config,
  profile: Profile,
  facts: Pick<BuildFacts, 'keyring' | 'repositories' | 'local'>,
): RootfsPlan {
  return {
    profile: withComponents(profile, config),
    mirror: config.mirror,
    keyring: facts.keyring,
    repositories: facts.repositories,
    packages: packageList(profile, {
      add: [...config.packages.add, ...productOf(config, profile).packages],
      remove: config.packages.remove,
      later: facts.local.map(({ name }) => name),
      kernelPackage: config.kernel.package,
      timezone: config.timezone,
      locale: config.locale,
    }),
    prune: config.prune,
    locale: needsLocaleData(config.locale) ? config.locale : undefined,
    accounts: earlyAccounts(config),
  };
}

/** The profile with the components that the config adds. */
function withComponents(profile: Profile, { packages }: Config): Profile {
  return { ...profile, components: [...new Set([...profile.components, ...packages.components])] };
}
