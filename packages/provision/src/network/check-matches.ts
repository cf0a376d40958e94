import { backwardRange, fits } from '../disk/glob.ts';
import { Problem, show } from '../values/problem.ts';
import { checkMac, place } from './check-settings.ts';
import type { InterfaceDrafts } from './interface-settings.ts';
import { type InterfaceDraft, type InterfaceMatch, kindOf } from './interface-settings.ts';

/** What a rule may contain: a space would separate several in networkd's files. */
const FORM = {
  name: { form: /^[A-Za-z0-9_.?*[\]-]+$/, example: 'enp1s0 or en*' },
  driver: { form: /^[A-Za-z0-9_.?*[\]-]+$/, example: 'igb or r81*' },
  path: { form: /^[A-Za-z0-9_:.,@?*[\]-]+$/, example: 'pci-0000:02:00.0' },
} as const;

/** What is wrong with the rules that choose ports. */
export function checkMatches(drafts: InterfaceDrafts): readonly Problem[] {
  return [
    ...Object.entries(drafts).flatMap(([id, draft]) => checkMatch(id, draft)),
    ...checkSamePorts(drafts),
    ...checkSameMacs(drafts),
  ];
}

/** The rules of an interface that the machine has; undefined for one that networkd makes. */
export function matchOf(id: string, draft: InterfaceDraft): InterfaceMatch | undefined {
  const kind = kindOf(draft);
  return kind === 'ethernet' || kind === 'wifi' ? (draft.match ?? { name: id }) : undefined;
}

/** Whether rules can fit only one port. Its file must come before those with wildcards. */
export function isExact({ name, mac, path }: InterfaceMatch): boolean {
  return mac !== undefined || [name, path].some((rule) => rule !== undefined && !hasWildcard(rule));
}

export function hasWildcard(rule: string): boolean {
  return /[*?[]/.test(rule);
}

function checkMatch(id: string, draft: InterfaceDraft): readonly Problem[] {
  const { match } = draft;
  if (match === undefined) {
    return [];
  }
  const at = (key: string) => ({ at: [id, 'match', key] });
  const kind = kindOf(draft);
  if (kind !== 'ethernet' && kind !== 'wifi') {
    return [
      new Problem(`is for ports of the machine; networkd makes this ${kind}`, 'remove it', {
        at: [id, 'match'],
      }),
    ];
  }
  const rules = Object.values(match).filter((rule) => rule !== undefined);
  if (rules.length === 0) {
    return [
      new Problem('has no rule', 'write at least one of name, mac, driver, path', {
        at: [id, 'match'],
      }),
    ];
  }
  return [
    ...(match.mac === undefined ? [] : place(checkMac(match.mac), [id, 'match', 'mac'])),
    ...(['name', 'driver', 'path'] as const).flatMap((key) => {
      const rule = match[key];
      return rule === undefined || (FORM[key].form.test(rule) && !backwardRange(rule))
        ? []
        : [
            new Problem(
              `${show(rule)} is not a ${key} or a pattern of one`,
              `write ${FORM[key].example}`,
              at(key),
            ),
          ];
    }),
  ];
}

/** Two interfaces that fit the same port: networkd would take the first file and ignore the other. */
function checkSamePorts(drafts: InterfaceDrafts): readonly Problem[] {
  const ports = Object.entries(drafts).flatMap(([id, draft]) => {
    const match = matchOf(id, draft);
    return match ? [{ id, match, hasMatch: draft.match !== undefined }] : [];
  });
  const made = Object.entries(drafts).filter(([id, draft]) => matchOf(id, draft) === undefined);
  return ports.flatMap(({ id, match, hasMatch }, index) => {
    const at = hasMatch ? [id, 'match'] : [id];
    const earlier = ports.slice(0, index).find((one) => overlap(one.match, match));
    const same = made.find(([name]) => match.name === name);
    return [
      ...(earlier === undefined
        ? []
        : [
            new Problem(
              `fits the same port as ${earlier.id}`,
              'make the rules differ, or put both into one',
              { at },
            ),
          ]),
      ...(same === undefined
        ? []
        : [
            new Problem(
              `has the name of ${same[0]}, which is a ${kindOf(same[1])}`,
              'give one of them another name',
              { at },
            ),
          ]),
    ];
  });
}

function overlap(one: InterfaceMatch, other: InterfaceMatch): boolean {
  const isSame = (a: string | undefined, b: string | undefined) =>
    a !== undefined && a.toLowerCase() === b?.toLowerCase();
  if (isSame(one.mac, other.mac)) {
    return true;
  }
  if (isExact(one) !== isExact(other)) {
    // The exact one comes first and wins.
    return false;
  }
  if (isExact(one)) {
    return (['name', 'path'] as const).some((key) => {
      const [a, b] = [one[key], other[key]];
      return a !== undefined && a === b && !hasWildcard(a);
    });
  }
  // Each rule of both must be able to fit the same port.
  const keys = ['name', 'driver', 'path'] as const;
  return keys.every((key) => {
    const [a, b] = [one[key], other[key]];
    return a === undefined || b === undefined ? a === b : fits(a, b) || fits(b, a);
  });
}

function checkSameMacs(drafts: InterfaceDrafts): readonly Problem[] {
  const owners = new Map<string, string>();
  return Object.entries(drafts).flatMap(([id, { mac }]) => {
    const key = mac?.toLowerCase();
    const owner = key === undefined ? undefined : owners.get(key);
    if (key !== undefined && owner === undefined) {
      owners.set(key, id);
    }
    return owner === undefined
      ? []
      : [
          new Problem(`is the MAC address of ${owner} already`, 'give it another', {
            at: [id, 'mac'],
          }),
        ];
  });
}
