import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS, type Check, judge, REBOOT_CHECKS, type RebootFacts } from './checks.ts';
import { type ProbeName, type ProbeOutputs, parseProbes } from './probes.ts';

/**
 * Output of {@link probeScript} with the mark `@@x` on a bookworm image, on a disk 1 GiB larger,
 * and after a reboot. Recorded by testdata/capture.ts.
 */
const captured = (name: string): ProbeOutputs =>
  parseProbes(readFileSync(join(import.meta.dirname, 'testdata', name), 'utf8'), '@@x');
const first = captured('first-boot.txt');
const second = captured('second-boot.txt');
const good: RebootFacts = { firmware: 'bios', marker: 'feedface', first, second };
const all: readonly Check<RebootFacts>[] = [...CHECKS, ...REBOOT_CHECKS];

/** The facts with another output of a probe of the first boot. */
function withFirst(name: ProbeName, text: string, status = 0): RebootFacts {
  return { ...good, first: { ...first, [name]: { status, text } } };
}

function withSecond(name: ProbeName, text: string, status = 0): RebootFacts {
  return { ...good, second: { ...second, [name]: { status, text } } };
}

/** The facts with a mount of the first boot changed. */
function withMount(target: string, change: Record<string, string>): RebootFacts {
  const mounts = JSON.parse(first.mounts.text) as { filesystems: { target: string }[] };
  const filesystems = mounts.filesystems.map((mount) =>
    mount.target === target ? { ...mount, ...change } : mount,
  );
  return withFirst('mounts', JSON.stringify({ filesystems }));
}

test.each(all)('$id passes on a good machine', (check) => {
  expect(judge(check, good)).toMatchObject({ ok: true });
});

test.each<[id: string, what: string, facts: RebootFacts, note: RegExp]>([
  ['system-running', 'a failed unit', withFirst('failedUnits', 'ssh.service loaded failed'), /ssh/],
  [
    'system-running',
    'a degraded second boot',
    withSecond('systemState', 'degraded', 1),
    /degraded/,
  ],
  ['system-running', 'a boot that never ends', withFirst('systemState', '', 124), /failed: none/],
  ['root-read-only', 'a writable root', withMount('/', { options: 'rw,relatime' }), /rw/],
  ['root-read-only', 'a write that went through', withFirst('writeRoot', ''), /writing/],
  ['root-partition', 'another partition', withMount('/', { partuuid: 'x-y' }), /x-y/],
  ['root-partition', 'slot B', withMount('/', { partlabel: 'rootB' }), /rootB/],
  [
    'root-partition',
    'a slot file that says B',
    withFirst('bootInfo', '{"schema":1,"slot":"B","disk":"/dev/vda"}'),
    /slot B/,
  ],
  ['root-partition', 'no slot file', withFirst('bootInfo', 'cat: no such file', 1), /status 1/],
  ['etc-overlay', 'a plain /etc', withMount('/etc', { fstype: 'ext4' }), /ext4/],
  ['etc-overlay', 'a read-only /etc', withMount('/etc', { options: 'ro' }), /ro/],
  ['var-on-data', '/var on the root', withMount('/var', { source: '/dev/vda2[/var]' }), /vda2/],
  ['home-on-data', 'a read-only /home', withMount('/home', { options: 'ro' }), /ro/],
  ['root-on-data', 'no mount on /root', withMount('/root', { target: '/x' }), /nothing is mounted/],
  ['network', 'no address', withFirst('addresses', '[]'), /addresses \[\]/],
  ['network', 'no route after the reboot', withSecond('defaultRoute', '[]'), /gateways \[\]/],
  [
    'slot-space',
    'an image that fills its slot',
    withFirst('slotPartition', '750000'),
    /9\d %|1\d\d %/,
  ],
  [
    'data-grown',
    'a partition that ends early',
    withFirst('dataPartition', '8919040\n7856128\n18874368'),
    /ends at 8/,
  ],
  [
    'data-grown',
    'a file system that did not grow',
    withFirst('space', '/ 1 1\n/data 230000000 1'),
    /0\.2 GiB/,
  ],
  ['boot-success', 'an agent that is not there', withFirst('agentStatus', 'not found', 127), /127/],
  [
    'boot-success',
    'a boot not marked',
    withFirst(
      'agentStatus',
      JSON.stringify({ booted: 'A', confirmed: 'A', bootSuccess: false, problems: [] }),
    ),
    /boot_success 0/,
  ],
  [
    'boot-success',
    'another confirmed slot',
    withSecond(
      'agentStatus',
      JSON.stringify({ booted: 'A', confirmed: 'B', bootSuccess: true, problems: [] }),
    ),
    /confirmed B/,
  ],
  [
    'boot-success',
    'a failed unit',
    withFirst('markUnit', 'LoadState=loaded\nResult=exit-code'),
    /exit-code/,
  ],
  [
    'boot-success',
    'no unit',
    withFirst('markUnit', 'Result=success\nLoadState=not-found'),
    /not-found/,
  ],
  ['firmware', 'UEFI without Secure Boot', withFirst('secureBoot', '0'), /uefi/],
  ['rebooted', 'the same boot', withSecond('bootId', first.bootId.text), /boot id/],
  [
    'markers-persist',
    'a lost file',
    withSecond('markers', 'feedface\nfeedface\nfeedface', 1),
    /3 of 4/,
  ],
  ['identity-persists', 'a new machine id', withSecond('machineId', '0'.repeat(32)), /then 0000/],
  ['identity-persists', 'new host keys', withSecond('hostKeys', 'aa  /etc/ssh/k.pub'), /differ/],
  ['identity-persists', 'no machine id', withFirst('machineId', 'uninitialized'), /uninitialized/],
])('%s fails on %s', (id, _what, facts, note) => {
  const check = all.find((one) => one.id === id);
  const verdict = check && judge(check, facts);
  expect(verdict).toMatchObject({ ok: false, note: expect.stringMatching(note) });
});

test('every check has a unique id and title', () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
});

test('the firmware variable distinguishes Secure Boot from plain UEFI', () => {
  const check = all.find(({ id }) => id === 'firmware');
  const facts = { ...withFirst('secureBoot', '1'), firmware: 'secure-boot' } as const;
  expect(check && judge(check, facts)).toMatchObject({ ok: true });
});
