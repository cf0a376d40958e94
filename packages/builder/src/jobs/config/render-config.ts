import { Document, isNode } from 'yaml';
import type { EffectiveValue } from '../../config/effective.ts';
import type { Origin } from '../../config/origin.ts';

const HIDDEN = '(set, not shown)';

/** The configuration as YAML, with the origin of each value in a comment. */
export function renderConfig(values: readonly EffectiveValue[]): string {
  const document = new Document({});
  for (const { path, value, origin } of values) {
    const node = document.createNode(value === undefined ? HIDDEN : value, { flow: true });
    if (isNode(node)) {
      node.comment = ` ${originWords(origin)}`;
    }
    document.setIn(path, node);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd();
}

/** `micro-linux.yaml:3`, `base.yaml:7, variant lab`, `variable IFACE`, `flag --hostname`, `default`. */
function originWords(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
      return `${origin.file}:${origin.line}${origin.variant === undefined ? '' : `, variant ${origin.variant}`}`;
    case 'environment':
      return `variable ${origin.variable}`;
    case 'flag':
      return `flag ${origin.flag}`;
    case 'default':
      return 'default';
  }
}
