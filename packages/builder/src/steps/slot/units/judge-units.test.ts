import { expect, test } from 'vitest';
import type { UnitWish } from '../../../product/contribution.ts';
import { judgeResult, judgeWishes } from './judge-units.ts';
import type { UnitFile } from './unit-files.ts';
import { UnitGraph } from './unit-graph.ts';

const MULTI_USER = 'WantedBy=multi-user.target';
const file = (text: string): UnitFile => ({ kind: 'file', text });
const enabledBy = (install: string) => file(`[Unit]\n[Install]\n${install}\n`);

const UNITS: Readonly<Record<string, UnitFile>> = {
  'default.target': { kind: 'alias', target: 'graphical.target' },
  'graphical.target': file('[Unit]\nRequires=multi-user.target\n'),
  'multi-user.target': file('[Unit]\nRequires=basic.target\n'),
  'basic.target': file('[Unit]\nWants=helper.service\n'),
  'rescue-only.target': file('[Unit]\nRequires=basic.target\n'),
  'helper.service': file('[Service]\n'),
  'ssh.service': enabledBy(MULTI_USER),
  'sshd.service': { kind: 'alias', target: 'ssh.service' },
  'ssh.socket': enabledBy('WantedBy=sockets.target'),
  'web.service': enabledBy(MULTI_USER),
  'static.service': file('[Service]\n'),
  'masked.service': { kind: 'mask' },
  'getty@.service': enabledBy('WantedBy=getty.target\nDefaultInstance=tty1'),
  'worker@.service': enabledBy(MULTI_USER),
  'systemd-networkd.service': enabledBy(MULTI_USER),
};

function graph(
  links: readonly (readonly [from: string, to: string])[],
  units: Readonly<Record<string, UnitFile>> = {},
): UnitGraph {
  return new UnitGraph({
    units: new Map(Object.entries({ ...UNITS, ...units })),
    links: links.map(([from, to]) => ({ from, to })),
    scripts: new Set(['legacy']),
  });
}

const LINKS = [
  ['multi-user.target', 'ssh.service'],
  ['multi-user.target', 'systemd-networkd.service'],
] as const;

const wish = (action: UnitWish['action'], unit: string): UnitWish => ({
  action,
  unit,
  key: ['services', action],
});

test.each<readonly [UnitWish['action'], string, string | undefined]>([
  ['enable', 'web.service', undefined],
  ['enable', 'legacy.service', undefined],
  ['enable', 'getty@.service', undefined],
  ['enable', 'worker@1.service', undefined],
  ['enable', 'wep.service', 'did you mean web.service?'],
  ['enable', 'nothing-like-it.service', 'add the package or the file'],
  ['enable', 'static.service', 'has no [Install] section'],
  ['enable', 'helper.service', 'starts anyway'],
  ['enable', 'masked.service', 'is masked'],
  ['enable', 'worker@.service', 'is a template'],
  ['disable', 'masked.service', undefined],
  ['disable', 'gone.service', 'has no unit named gone.service'],
  ['mask', 'gone.timer', 'has no unit named gone.timer'],
  ['mask', 'dev-sda3.swap', undefined],
  ['set-default', 'graphicl.target', 'did you mean graphical.target?'],
])('%s %s', (action, unit, problem) => {
  const found = judgeWishes([wish(action, unit)], graph(LINKS));
  const text = found.map(({ what, fix }) => `${what}: ${fix}`).join();
  expect(text).toEqual(problem === undefined ? '' : expect.stringContaining(problem));
});

const REQUIRED = ['ssh.socket | ssh.service | sshd.service', 'systemd-networkd.service'];
const problemsOf = (...given: Parameters<typeof judgeResult>) =>
  judgeResult(...given).map(({ what }) => what);

test('accepts an image whose required units start', () => {
  expect(problemsOf([], REQUIRED, graph(LINKS))).toEqual([]);
  // By its other name, a socket of its name, or because nothing has to enable it.
  expect(problemsOf([], ['sshd.service', 'static.service', 'data.mount'], graph(LINKS))).toEqual(
    [],
  );
  const bySocket = graph([['sockets.target', 'ssh.socket'], LINKS[1]], {
    'sockets.target': file(''),
  });
  expect(problemsOf([], ['ssh.service'], bySocket)).toEqual([]);
});

test('refuses an image without a required unit, and says why for each alternative', () => {
  const [found, ...others] = problemsOf([], REQUIRED, graph(LINKS.slice(1)));
  expect(others).toEqual([]);
  expect(found).toContain('ssh.socket is not enabled, ssh.service is not enabled');
  const masked = graph(LINKS, { 'systemd-networkd.service': { kind: 'mask' } });
  expect(problemsOf([], REQUIRED, masked).join()).toContain('systemd-networkd.service is masked');
  expect(problemsOf([], ['app.service'], graph(LINKS)).join()).toContain(
    'app.service does not exist',
  );
});

test('does not count a unit that only a target requires which does not start', () => {
  // As Debian's package of sshd has it.
  const rescue = { 'rescue-ssh.target': file('[Unit]\nRequires=network.target ssh.service\n') };
  expect(problemsOf([], ['ssh.service'], graph(LINKS.slice(1), rescue))).toHaveLength(1);
});

test('refuses a default target without multi-user.target', () => {
  const target = graph(LINKS, {
    'default.target': { kind: 'alias', target: 'rescue-only.target' },
  });
  expect(problemsOf([wish('set-default', 'rescue-only.target')], [], target).join()).toContain(
    'rescue-only.target does not start multi-user.target',
  );
});

test('finds a unit that starts although it is disabled', () => {
  const wishes = [wish('disable', 'helper.service'), wish('disable', 'web.service')];
  expect(problemsOf(wishes, [], graph(LINKS))).toEqual([
    expect.stringContaining('helper.service starts although it is disabled'),
  ]);
});
