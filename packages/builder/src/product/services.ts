import type { Config } from '../config/config.ts';
import type { Contribution, UnitWish } from './contribution.ts';

/** Units that the config enables, disables and masks, and the default target. */
export function services({
  services: lists,
  defaultTarget,
}: Pick<Config, 'services' | 'defaultTarget'>): Contribution {
  const units = (['disable', 'mask', 'enable'] as const).flatMap((action) =>
    lists[action].map((unit): UnitWish => ({ action, unit, key: ['services', action] })),
  );
  return {
    units: [
      ...units,
      ...(defaultTarget === undefined
        ? []
        : [{ action: 'set-default', unit: defaultTarget, key: ['defaultTarget'] } as const]),
    ],
    summary: {
      ...(units.length === 0 ? {} : { services: lists }),
      ...(defaultTarget === undefined ? {} : { defaultTarget }),
    },
  };
}
