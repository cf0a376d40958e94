import type { Finding } from '../findings.ts';
import { findingsOf } from '../issues.ts';
import { configSchema } from '../schema.ts';
import { valueAt } from '../where-is.ts';
import { mergeLayer } from './merge-layer.ts';
import type { Layers } from './read-layers.ts';

/**
 * What is wrong with the keys of the variants that are not chosen: a typo must not wait for the day
 * on which its variant is built. What is only missing is not reported, because flags may add it.
 */
export function checkOtherVariants(layers: Layers, chosen: string | undefined): Finding[] {
  return [...layers.variants].flatMap(([name, overlays]) => {
    if (name === chosen) {
      return [];
    }
    const trial = { value: structuredClone(layers.value), origins: layers.origins.clone() };
    for (const overlay of overlays) {
      mergeLayer(trial, overlay);
    }
    const result = configSchema.safeParse(trial.value);
    const findings = result.success ? [] : findingsOf(result.error.issues, trial);
    return findings.filter(
      ({ path, origin }) =>
        origin.kind === 'file' &&
        origin.variant === name &&
        valueAt(trial.value, path) !== undefined,
    );
  });
}
