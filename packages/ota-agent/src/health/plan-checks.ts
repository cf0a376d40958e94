import type { AgentConfig } from '@micro-linux/provision';
import type { Baseline } from '../state/trial.ts';
import type { System } from '../system/system.ts';
import type { Check } from './check.ts';
import { executableChecks } from './checks/executables.ts';
import { defaultRouteCheck, hostCheck, sshdCheck } from './checks/network.ts';
import { notFailedCheck, requiredUnitCheck, sameUnitsCheck } from './checks/units.ts';

/**
 * Everything that must hold for this boot to be healthy.
 *
 * @param baseline what worked before the update; undefined when the running slot is not on trial.
 */
export function planChecks(
  system: System,
  config: AgentConfig,
  baseline: Baseline | undefined,
): readonly Check[] {
  const { health } = config;
  const units = baseline?.units.filter((name) => !health.ignoreUnits.includes(name)) ?? [];
  return [
    ...health.requiredUnits.map((alternatives) => requiredUnitCheck(system, alternatives)),
    ...health.failedUnits.map((name) => notFailedCheck(system, name)),
    ...(health.defaultRoute ? [defaultRouteCheck(system, 'route')] : []),
    ...(units.length > 0 ? [sameUnitsCheck(system, units)] : []),
    ...(baseline?.defaultRoute ? [defaultRouteCheck(system, 'before/route')] : []),
    ...(baseline?.sshd && health.sshd ? [sshdCheck(system)] : []),
    ...(baseline?.hosts.map((address) => hostCheck(system, address)) ?? []),
    ...executableChecks(system),
  ];
}
