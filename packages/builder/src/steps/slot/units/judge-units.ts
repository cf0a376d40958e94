import { alternativesOf } from '../../../config/services.ts';
import { nearestFew } from '../../../config/suggest.ts';
import { isTemplate } from '../../../config/unit-name.ts';
import type { UnitWish } from '../../../product/contribution.ts';
import { canBeEnabled, hasDefaultInstance, type Unit, type UnitGraph } from './unit-graph.ts';

/** What is wrong with a unit that the config names. */
export interface UnitProblem {
  readonly code: 'unit-unknown' | 'unit-unusable' | 'never-healthy';
  /** The wish it is about; undefined: a rule for all images. */
  readonly wish?: UnitWish;
  readonly what: string;
  readonly fix: string;
}

/** Refuses wishes that systemctl could not fulfill, or that would have no effect. */
export function judgeWishes(wishes: readonly UnitWish[], graph: UnitGraph): UnitProblem[] {
  const started = graph.started();
  return wishes.flatMap((wish) => {
    const unit = graph.find(wish.unit);
    if (unit === undefined) {
      return isGenerated(wish) ? [] : [unknown(wish, graph)];
    }
    return unusable(wish, unit, started) ?? [];
  });
}

/** Generators make some units at boot: they can be masked, although the image has no file of them. */
function isGenerated({ action, unit }: UnitWish): boolean {
  return action === 'mask' && /\.(?:mount|automount|swap)$/.test(unit);
}

function unknown(wish: UnitWish, graph: UnitGraph): UnitProblem {
  const near = nearestFew(wish.unit, graph.names());
  return {
    code: 'unit-unknown',
    wish,
    what: `the image has no unit named ${wish.unit}`,
    fix:
      near.length === 0
        ? 'add the package or the file that contains it, or correct the name'
        : `did you mean ${near.join(', ')}?`,
  };
}

function unusable(
  wish: UnitWish,
  unit: Unit,
  started: ReadonlySet<string>,
): UnitProblem | undefined {
  const problem = (what: string, fix: string): UnitProblem => ({
    code: 'unit-unusable',
    wish,
    what: `${wish.unit} ${what}`,
    fix,
  });
  if (wish.action === 'set-default') {
    return unit.isMasked ? problem('is masked in the image', 'choose another target') : undefined;
  }
  if (wish.action !== 'enable' || unit.isScript) {
    return undefined;
  }
  if (unit.isMasked) {
    return problem(
      'is masked in the image: it is of no use on a read-only root, or a package masks it',
      'remove it from services.enable',
    );
  }
  if (!canBeEnabled(unit)) {
    return started.has(unit.name)
      ? problem('starts anyway: another unit requires it', 'remove it from services.enable')
      : problem(
          'has no [Install] section that says what starts it',
          'enable the socket, timer or target that starts it, or add a drop-in with WantedBy=multi-user.target',
        );
  }
  return isTemplate(wish.unit) && !hasDefaultInstance(unit)
    ? problem('is a template', `name an instance of it, such as ${wish.unit.replace('@', '@1')}`)
    : undefined;
}

/**
 * Refuses an image that could not become healthy, or in which a unit still starts that the config
 * disables.
 *
 * @param graph after systemctl has fulfilled the wishes.
 * @param requiredUnits entries of `health.requiredUnits`.
 */
export function judgeResult(
  wishes: readonly UnitWish[],
  requiredUnits: readonly string[],
  graph: UnitGraph,
): UnitProblem[] {
  const started = graph.started();
  const disabled = wishes.flatMap((wish): UnitProblem[] => {
    const name = graph.find(wish.unit)?.name ?? wish.unit;
    return wish.action === 'disable' && started.has(name)
      ? [
          {
            code: 'unit-unusable',
            wish,
            what: `${wish.unit} starts although it is disabled: another unit requires it`,
            fix: 'write it under services.mask',
          },
        ]
      : [];
  });
  return [
    ...disabled,
    ...judgeDefaultTarget(wishes, started),
    ...requiredUnits.flatMap((entry) => judgeRequired(entry, graph, started) ?? []),
  ];
}

/** Without multi-user.target, nothing confirms a boot. */
function judgeDefaultTarget(
  wishes: readonly UnitWish[],
  started: ReadonlySet<string>,
): UnitProblem[] {
  const wish = wishes.findLast(({ action }) => action === 'set-default');
  return started.has('multi-user.target')
    ? []
    : [
        {
          code: 'never-healthy',
          ...(wish === undefined ? {} : { wish }),
          what: `the default target${wish === undefined ? '' : ` ${wish.unit}`} does not start multi-user.target, so no boot would become healthy`,
          fix: 'add Requires=multi-user.target and After=multi-user.target to it, or choose multi-user.target',
        },
      ];
}

function judgeRequired(
  entry: string,
  graph: UnitGraph,
  started: ReadonlySet<string>,
): UnitProblem | undefined {
  const reasons = alternativesOf(entry).map((name) => whyNotRunning(name, graph, started));
  return reasons.includes(undefined)
    ? undefined
    : {
        code: 'never-healthy',
        what: `no boot of this image would become healthy: the health check requires ${entry}, but ${reasons.join(', ')}`,
        fix: 'add the package or enable the unit (services.enable), or change agent.health.requiredUnits',
      };
}

/** Why a unit will not run; undefined: it may. */
function whyNotRunning(
  name: string,
  graph: UnitGraph,
  started: ReadonlySet<string>,
): string | undefined {
  const unit = graph.find(name);
  if (unit === undefined) {
    // Generators make mounts of /etc/fstab.
    return name.endsWith('.mount') ? undefined : `${name} does not exist`;
  }
  if (unit.isMasked) {
    return `${name} is masked`;
  }
  const mayStart =
    started.has(unit.name) || unit.isScript || !canBeEnabled(unit) || graph.isLinked(unit.name);
  return mayStart ? undefined : `${name} is not enabled`;
}
