import { Problem, show } from '../values/problem.ts';
import type { InterfaceDrafts } from './interface-settings.ts';
import {
  type InterfaceDraft,
  type InterfaceKind,
  kindOf,
  membersOf,
} from './interface-settings.ts';

/** The MTU of an interface without a setting. */
const USUAL_MTU = 1500;

/** What can be a port of each; a radio cannot, because an access point accepts one address. */
const PORTS: Readonly<Record<'bridge' | 'bond', readonly InterfaceKind[]>> = {
  bridge: ['ethernet', 'vlan', 'bond'],
  bond: ['ethernet'],
};

/** References between interfaces: VLANs to what carries them, bridges and bonds to their ports. */
export function checkLinks(drafts: InterfaceDrafts): readonly Problem[] {
  return [
    ...Object.entries(drafts).flatMap(([id, draft]) => [
      ...checkVlan(id, draft, drafts),
      ...checkPorts(id, draft, drafts),
    ]),
    ...sameVlans(drafts),
    ...checkMembers(drafts),
    ...circles(drafts),
  ];
}

function checkVlan(
  id: string,
  { vlan, mtu }: InterfaceDraft,
  drafts: InterfaceDrafts,
): readonly Problem[] {
  if (!vlan) {
    return [];
  }
  const at = { at: [id, 'vlan', 'link'] };
  const link = interfaceIn(drafts, vlan.link);
  if (!link) {
    return [missing(vlan.link, at.at)];
  }
  const bond = Object.entries(drafts).find(([, other]) =>
    other.bond?.interfaces.includes(vlan.link),
  );
  const linkMtu = link.mtu ?? USUAL_MTU;
  return [
    ...(kindOf(link) === 'wifi'
      ? [new Problem(`${show(vlan.link)} is wireless, and cannot carry a VLAN`, 'name a port', at)]
      : []),
    ...(bond
      ? [
          new Problem(
            `${show(vlan.link)} is a port of the bond ${bond[0]}`,
            `write link: ${bond[0]}`,
            at,
          ),
        ]
      : []),
    ...(mtu !== undefined && mtu > linkMtu
      ? [
          new Problem(
            `${mtu} is more than the ${linkMtu} of ${vlan.link}`,
            `write ${linkMtu} or less, or mtu: ${mtu} for ${vlan.link}`,
            { at: [id, 'mtu'] },
          ),
        ]
      : []),
  ];
}

function checkPorts(
  id: string,
  draft: InterfaceDraft,
  drafts: InterfaceDrafts,
): readonly Problem[] {
  const kind = draft.bridge ? 'bridge' : 'bond';
  if (draft.bond?.interfaces.length === 0) {
    return [
      new Problem('has no port', 'name at least one interface', {
        at: [id, 'bond', 'interfaces'],
      }),
    ];
  }
  return membersOf(draft).flatMap((member, index) => {
    const at = { at: [id, kind, 'interfaces', index] };
    const port = interfaceIn(drafts, member);
    if (!port) {
      return [missing(member, at.at)];
    }
    const portKind = kindOf(port);
    return PORTS[kind].includes(portKind)
      ? []
      : [
          new Problem(
            `${show(member)} is a ${portKind}, which cannot be a port of a ${kind}`,
            `a port is an interface of kind ${PORTS[kind].join(', ')}`,
            at,
          ),
        ];
  });
}

function sameVlans(drafts: InterfaceDrafts): readonly Problem[] {
  const owners = new Map<string, string>();
  return Object.entries(drafts).flatMap(([id, { vlan }]) => {
    if (!vlan) {
      return [];
    }
    const key = `${vlan.id} ${vlan.link}`;
    const owner = owners.get(key);
    owners.set(key, owner ?? id);
    return owner === undefined
      ? []
      : [
          new Problem(
            `${owner} is VLAN ${vlan.id} of ${vlan.link} already`,
            'write another id, or remove one of them',
            { at: [id, 'vlan', 'id'] },
          ),
        ];
  });
}

/** A port belongs to one bridge or bond, which has the addresses. */
function checkMembers(drafts: InterfaceDrafts): readonly Problem[] {
  const owners = new Map<string, string>();
  return Object.entries(drafts).flatMap(([id, draft]) =>
    membersOf(draft).flatMap((member, index) => {
      const kind = draft.bridge ? 'bridge' : 'bond';
      const owner = owners.get(member);
      owners.set(member, owner ?? id);
      const port = interfaceIn(drafts, member);
      return [
        ...(owner === undefined
          ? []
          : [
              new Problem(
                `${show(member)} is a port of ${owner === id ? 'it' : owner} already`,
                'name it once',
                { at: [id, kind, 'interfaces', index] },
              ),
            ]),
        ...(port && owner === undefined ? ofItsOwn(member, port, id) : []),
      ];
    }),
  );
}

/** Settings of a port that belong to its bridge or bond. */
function ofItsOwn(member: string, port: InterfaceDraft, owner: string): readonly Problem[] {
  const keys = [
    ...(['dhcp4', 'dhcp6', 'acceptRa'] as const).filter((key) => port[key] === true),
    ...(['addresses', 'routes', 'dns', 'search'] as const).filter((key) => port[key].length > 0),
    ...(['gateway4', 'gateway6'] as const).filter((key) => port[key] !== undefined),
  ];
  return keys.map(
    (key) =>
      new Problem(`has no effect: ${member} is a port of ${owner}`, `write it for ${owner}`, {
        at: [member, key],
      }),
  );
}

function circles(drafts: InterfaceDrafts): readonly Problem[] {
  const below = (id: string) => {
    const draft = interfaceIn(drafts, id);
    return draft ? [...membersOf(draft), ...(draft.vlan ? [draft.vlan.link] : [])] : [];
  };
  const leadsTo = (from: string, target: string, seen: Set<string>): boolean =>
    below(from).some((id) => {
      if (id === target) {
        return true;
      }
      if (seen.has(id)) {
        return false;
      }
      seen.add(id);
      return leadsTo(id, target, seen);
    });
  const first = Object.keys(drafts).find((id) => leadsTo(id, id, new Set()));
  return first === undefined
    ? []
    : [
        new Problem('is part of itself: these interfaces form a circle', 'name a port below it', {
          at: [first],
        }),
      ];
}

function interfaceIn(drafts: InterfaceDrafts, id: string): InterfaceDraft | undefined {
  return Object.hasOwn(drafts, id) ? drafts[id] : undefined;
}

function missing(id: string, at: readonly (string | number)[]): Problem {
  return new Problem(
    `${show(id)} is not an interface of this network`,
    `add it under interfaces: ${id}: {}`,
    { at },
  );
}
