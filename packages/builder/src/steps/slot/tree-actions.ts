import type { Config } from '../../config/config.ts';
import type { WhereIs } from '../../config/where-is.ts';
import { requiredUnits } from '../../product/agent.ts';
import type { Contribution } from '../../product/contribution.ts';
import { accountChecks } from './account-checks.ts';
import { firewallAction } from './firewall-action.ts';
import { healthScriptsAction } from './health-scripts-action.ts';
import { modulesAction } from './modules-action.ts';
import type { TreeAction } from './slot-step.ts';
import { unitsAction } from './units/units-action.ts';

/** What is done to the files of the slot, checks last: they look at what the device will have. */
export function treeActions(
  config: Config,
  { units, modules }: Required<Contribution>,
  whereIs: WhereIs,
): readonly TreeAction[] {
  const { scripts } = config.agent.health;
  return [
    accountChecks(config),
    unitsAction({ wishes: units, requiredUnits: requiredUnits(config), whereIs }),
    ...(modules.length === 0 ? [] : [modulesAction(modules, whereIs)]),
    ...(config.firewall === undefined ? [] : [firewallAction(whereIs)]),
    ...(scripts.length === 0 ? [] : [healthScriptsAction(scripts, whereIs)]),
  ];
}
