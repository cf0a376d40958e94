import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { show } from '@micro-linux/provision';
import type { Finding } from '../findings.ts';
import { isGroup } from '../override.ts';
import { nearest } from '../suggest.ts';
import { type Layer, mergeLayer, type Overlay } from './merge-layer.ts';

/** What the files say about each variant, in the order in which it counts. */
export type Variants = Map<string, Overlay[]>;

/** Safe in file names and on a command line. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Moves the `variants` of a file to `variants`; returns what is wrong with them as a whole. */
export function takeVariants({ value, origins }: Layer, variants: Variants): readonly Finding[] {
  if (!Object.hasOwn(value, 'variants')) {
    return [];
  }
  const { variants: given } = value;
  delete value['variants'];
  if (!isGroup(given)) {
    return [
      {
        path: ['variants'],
        origin: origins.of(['variants']),
        problem: 'must be a group of variants, each with its keys',
        fix: 'variants: {small: {disk: {size: 6G}}}',
      },
    ];
  }
  return Object.entries(given).flatMap(([name, keys]) => {
    const at = ['variants', name];
    const finding = { path: at, origin: origins.ofKey(at) };
    if (!NAME.test(name)) {
      const fix = 'write up to 64 small letters, digits and .-_, the first a letter or digit';
      return [{ ...finding, problem: 'is not a name for a variant', fix }];
    }
    if (!isGroup(keys)) {
      const fix = `write the keys that make it different below ${name}, indented, or {}`;
      return [{ ...finding, problem: 'must be a group of keys', fix }];
    }
    variants.set(name, [
      ...(variants.get(name) ?? []),
      { value: keys, origins, at, variant: name },
    ]);
    return [];
  });
}

/**
 * Lays the variant over the rest of the config.
 *
 * @param file the name of the config file for messages.
 * @throws MicroLinuxError `variant-unknown`, exit code 2.
 */
export function applyVariant(
  target: Layer,
  variants: Variants,
  { name, file }: { readonly name: string; readonly file: string },
): void {
  const overlays = variants.get(name);
  if (!overlays) {
    throw unknownVariant(name, [...variants.keys()], file);
  }
  for (const overlay of overlays) {
    mergeLayer(target, overlay);
  }
}

function unknownVariant(name: string, known: readonly string[], file: string): MicroLinuxError {
  const suggestion = nearest(name, known);
  const list = `${known.length === 1 ? 'the only one is' : 'it has'} ${known.join(', ')}`;
  return new MicroLinuxError({
    code: 'variant-unknown',
    message: `${show(name)} is not a variant of ${file}`,
    why: known.length === 0 ? 'it has no variants' : list,
    hint:
      known.length === 0
        ? 'leave --variant out, or add the variant to the file: docs/guides/products.md'
        : `--variant ${suggestion ?? known[0]}`,
    exitCode: ExitCode.usage,
    details: { variant: name, variants: [...known] },
  });
}
