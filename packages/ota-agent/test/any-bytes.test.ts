import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EspPath } from '@micro-linux/core';
import { encodeHead } from '@micro-linux/update-image';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fakeSystemd } from '../src/health/fake-systemd.testdata.ts';
import { appendHistory } from '../src/state/history.ts';
import { addRejection } from '../src/state/rejected.ts';
import { TRIAL } from '../src/state/trial.testdata.ts';
import { writeTrial } from '../src/state/trial.ts';
import { FACTORY, type TestDevice, testDevice } from '../src/testing.ts';

/*
 * Any bytes in any file that the agent reads at boot: /etc/ota-agent, /run, the data partition, the
 * ESP, and files of the kernel and the initramfs. FUZZ_RUNS=20000 for a long run.
 */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

/** Processor time that all commands may use for one damaged file, in milliseconds. */
const PATIENCE_MS = 20_000;

/** Files with valid contents. */
type Files = Readonly<Record<string, string | Uint8Array>>;

const YAML = `# site settings
boot: {tries: 2, counter: 4}
health:
  settleSeconds: 10
  ignoreUnits: [backup.timer, 'x@y.service']
  hosts: ["broker.example:8883"]
`;

/** With any content of these files a healthy boot is confirmed. */
const SETTINGS: Files = {
  'config/etc/config.yaml': YAML,
  'config/etc/config.yaml.d/10-site.yaml': YAML,
  'config/run/config.yaml': YAML,
  'config/lib/config.yaml': YAML,
  'config/etc/revoked-keys': '# none\n',
  'config/etc/keys/a.pem': '-----BEGIN PUBLIC KEY-----\n',
};

const STATE: Files = {
  'state/trial.json': '',
  'state/trial-deadline': '300\n',
  'state/trial-failure': 'a check failed\nfailed units:\n',
  'state/trial-health.json': report('B'),
  'state/health.json': report('A'),
  'state/history.jsonl': '',
  'state/rejected.json': '',
  'state/rollback-index': '3\n',
  'state/apply.json': '{"schema":1,"slot":"B","manifestSha256":"x","version":"2","chunks":1}\n',
  'state/slots/A.head': head(),
  'state/slots/B.head': head(),
  'pstore/dmesg-1': '<0>[1.0] Kernel panic - not syncing: x\n',
  'watchdog/watchdog0/bootstatus': '32\n',
  'data-problems': 'something was left out\n',
  'state/trust-floor.json': '{"schema":1,"threshold":1,"revoked":[]}\n',
  'image.json': '{"schema":1,"version":"0.1.0","rollbackIndex":3}',
  bootid: '22222222-1111-4111-8111-111111111111\n',
  route: 'Iface\tDestination\n',
  route6: '',
  'run/lock': '12 apply\n',
};

/** Other valid numbers in these mean that the image is below the index. */
const INDEXES: readonly string[] = ['state/rollback-index', 'image.json'];

/** With some content of these files it is unknown what runs or what GRUB chose: nothing is confirmed. */
const BOOT: Files = {
  'boot.json': '',
  cmdline: '',
  [`esp${EspPath.env}`]: '',
  [`esp${EspPath.envCopy}`]: '',
  [`esp${EspPath.confirmed}`]: '',
};

function report(slot: string): string {
  const check = { id: 'health.d/x', ok: false, note: 'no', output: 'x', seconds: 1 };
  const rest = { bootId: 'a', at: TRIAL.armedAt, trial: true, seconds: 1, checks: [check] };
  return JSON.stringify({ schema: 1, healthy: false, slot, version: '2.0.0', ...rest });
}

function head(): Uint8Array {
  return encodeHead({
    manifestBytes: Buffer.from('{"version":"1.0.0"}'),
    signatures: [],
  } as unknown as Parameters<typeof encodeHead>[0]);
}

function device(running: 'A' | 'B'): TestDevice {
  const made = testDevice('A', { ...FACTORY, trial: { slot: 'B', tries: 1 } });
  writeTrial(made.system.paths.state, TRIAL);
  const rejection = { manifestSha256: 'a', version: '1', slot: 'B', failedAt: TRIAL.armedAt };
  addRejection(made.system.paths.state, { ...rejection, slot: 'B', reason: 'no' });
  appendHistory(
    made.system.paths.state,
    { event: 'installed', at: TRIAL.armedAt, slot: 'B', version: '2.0.0' },
    { maximumBytes: 65_536 },
  );
  made.restart(running, `micro_linux.boot=${running === 'B' ? 'trial' : 'confirmed'}`);
  for (const [name, content] of Object.entries({ ...SETTINGS, ...STATE })) {
    if (content !== '') {
      put(made, name, content);
    }
  }
  const runs = { active: 'active' };
  const names = [...TRIAL.baseline.units, 'ssh.service', 'systemd-networkd.service'];
  fakeSystemd(made, Object.fromEntries(names.map((name) => [name, runs])));
  return made;
}

const rootOf = (made: TestDevice) => dirname(made.system.paths.cmdline);

function put(made: TestDevice, name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(rootOf(made), name)), { recursive: true, mode: 0o700 });
  writeFileSync(join(rootOf(made), name), content);
}

/** Changes a valid file: bytes are removed, duplicated, inserted or changed. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat({ max: 40 }),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc
      .constantFrom('*a', '&a ', '[', '{', '- ', '? ', '!!x ', '\n', '\t', '\0', '\u001b[2J', '"')
      .map((text) => Buffer.from(text)),
    fc
      .constantFrom('null', '-1', '1e999', '{}', '[]', '"\\ud800"')
      .map((text) => Buffer.from(text)),
  ),
  times: fc.constantFrom(1, 1, 1, 1, 5000),
});

const damage = fc.oneof(
  { arbitrary: fc.array(mutation, { minLength: 1, maxLength: 4 }), weight: 3 },
  { arbitrary: fc.uint8Array({ maxLength: 300 }), weight: 1 },
);

function damaged(sound: Uint8Array, how: typeof damage extends fc.Arbitrary<infer T> ? T : never) {
  if (how instanceof Uint8Array) {
    return how;
  }
  return how.reduce<Uint8Array>((bytes, { at, remove, insert, times }) => {
    const offset = Math.floor(at * bytes.length);
    const middle = Array.from({ length: times }, () => insert);
    return Buffer.concat([bytes.subarray(0, offset), ...middle, bytes.subarray(offset + remove)]);
  }, sound);
}

it('never causes an internal error in health, mark-boot and status, and never prevents confirmation', async () => {
  const names = Object.keys({ ...SETTINGS, ...STATE, ...BOOT });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      damage,
      fc.constantFrom('A', 'B'),
      async (name, how, running) => {
        const made = device(running);
        put(made, name, damaged(soundOf(made, name), how));
        const before = process.cpuUsage();
        for (const argv of [['health', '--record'], ['status'], ['mark-boot'], ['history']]) {
          const { exitCode, stdout } = await made.agent(...argv, '--json');
          const said = JSON.parse(stdout);
          expect(said.code, stdout).not.toBe('internal');
          if (argv[0] === 'health') {
            expect(said.checks.length).toBeGreaterThan(0);
          }
          const tooOld = INDEXES.includes(name) && said.code === 'image-too-old';
          if (argv[0] === 'mark-boot' && !(name in BOOT) && !tooOld) {
            expect(exitCode, stdout).toBe(0);
          }
        }
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1000).toBeLessThan(PATIENCE_MS);
      },
    ),
    { numRuns: RUNS },
  );
});

function soundOf(made: TestDevice, name: string): Uint8Array {
  return readFileSync(join(rootOf(made), name));
}
