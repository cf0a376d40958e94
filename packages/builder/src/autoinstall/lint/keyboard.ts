import { type Group, type KeyPath, show, textIn } from '@micro-linux/provision';
import { nearest } from '../../config/suggest.ts';
import type { Remark } from '../check/finding.ts';
import table from './keyboard-layouts.json' with { type: 'json' };

/**
 * Keyboard layouts that Ubuntu 24.04's installer knows, and the variants of each. Made by
 * e2e/oracle/subiquity/keyboard-layouts.ts from keyboard-configuration 1.205ubuntu3 (Ubuntu 22.04).
 */
const VARIANTS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(table));

/** Layouts and variants that Subiquity does not know: it ends the installation at `keyboard`. */
export function keyboardRemarks(keyboard: Group, path: KeyPath): Remark[] {
  const layout = textIn(keyboard, 'layout');
  const { variant = '' } = keyboard;
  if (layout === undefined || typeof variant !== 'string') {
    return [];
  }
  const layouts = layout.split(',');
  const unknown = layouts.find((one) => !VARIANTS.has(one));
  if (unknown !== undefined) {
    const problem = `${show(unknown)} is not a keyboard layout that the installer knows`;
    const fix = 'write a layout of xkeyboard-config, such as us or de';
    return [remark([...path, 'layout'], problem, meant(unknown, [...VARIANTS.keys()]) ?? fix)];
  }
  const at = [...path, 'variant' in keyboard ? 'variant' : 'layout'];
  const variants = variant.split(',');
  if (variants.length !== layouts.length) {
    const problem = `there are ${layouts.length} layouts, but ${variants.length} variants`;
    const commas = ','.repeat(layouts.length - 1);
    const fix = `write variant: '${commas}', and put each variant in its place`;
    return [remark(at, problem, fix)];
  }
  return layouts.flatMap((one, index) => {
    const own = VARIANTS.get(one) ?? [];
    const name = variants[index] ?? '';
    if (name === '' || own.includes(name)) {
      return [];
    }
    const problem = `${show(name)} is not a variant of the layout ${one} that the installer knows`;
    const fix = own.length === 0 ? `remove it: ${one} has no variants` : `write one of ${few(own)}`;
    return [remark(at, problem, meant(name, own) ?? fix)];
  });
}

function remark(path: KeyPath, problem: string, fix: string): Remark {
  return { rule: 'keyboard', path, problem, fix };
}

function meant(word: string, known: readonly string[]): string | undefined {
  const suggestion = nearest(word, known);
  return suggestion === undefined ? undefined : `did you mean ${suggestion}?`;
}

/** The first names of a list. */
function few(names: readonly string[]): string {
  return names.length > 6 ? `${names.slice(0, 6).join(', ')} and others` : names.join(', ');
}
