import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EspPath } from '@micro-linux/core';
import { generateKeyPair, parsePrivateKey } from '@micro-linux/update-image/write';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHealthReport } from '../health/report.ts';
import type { Progress } from '../progress/progress.ts';
import { NO_PROGRESS } from '../progress/progress.ts';
import {
  type SampleOptions,
  type SampleUpdate,
  sampleUpdate,
} from '../slot-image/sample-update.testdata.ts';
import { addRejection } from '../state/rejected.ts';
import { raiseRollbackIndex, readRollbackIndex } from '../state/rollback-index.ts';
import { stageTrustFloor } from '../state/trust-floor.ts';
import { readBootId } from '../system/boot-id.ts';
import { type ApplyDevice, applyDevice } from './apply-device.testdata.ts';

const key = generateKeyPair();
const other = generateKeyPair();

let update: SampleUpdate;
beforeAll(async () => {
  update = await sampleUpdate({ privatePems: [key.privatePem] });
});
afterAll(() => update.remove());

function device(): ApplyDevice {
  const made = applyDevice();
  made.trust(key.publicPem);
  return made;
}

/** Every byte that must not change: the ESP, the slots, the state. */
function disks(on: ApplyDevice): Readonly<Record<string, string>> {
  const { esp, state } = on.system.paths;
  const files = [esp, state].flatMap((directory) => filesBelow(directory));
  return Object.fromEntries(
    [...files, on.system.slotDevice('A'), on.system.slotDevice('B')].map((path) => [
      path,
      readFileSync(path, 'latin1'),
    ]),
  );
}

function filesBelow(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

async function refused(
  on: ApplyDevice,
  path = update.path,
  ...flags: string[]
): Promise<{ code: string; exitCode: number; message: string }> {
  const before = disks(on);
  const { exitCode, stdout } = await on.agent('apply', path, '--json', '--no-reboot', ...flags);
  const error = JSON.parse(stdout);
  expect(error).toMatchObject({ schema: 1, ok: false, exitCode });
  expect(disks(on), 'nothing is changed').toEqual(before);
  expect(on.remounts(), 'the ESP stays read-only').toBe(0);
  return error;
}

/** Builds an update and applies it. */
async function refusedUpdate(on: ApplyDevice, options: SampleOptions): Promise<unknown> {
  const made = await sampleUpdate({ privatePems: [key.privatePem], ...options });
  try {
    return await refused(on, made.path);
  } finally {
    made.remove();
  }
}

/** A copy of the update with some bytes changed. */
function damaged(on: ApplyDevice, change: (bytes: Buffer) => Buffer): string {
  const path = join(on.system.paths.run, '../damaged.img');
  writeFileSync(path, change(readFileSync(update.path)));
  return path;
}

describe('refused by the signature', () => {
  it('not signed: signature-missing', async () => {
    expect(await refusedUpdate(device(), { privatePems: [] })).toMatchObject({
      code: 'signature-missing',
      exitCode: 5,
    });
  });

  it('signed by an unknown key: key-unknown', async () => {
    expect(await refusedUpdate(device(), { privatePems: [other.privatePem] })).toMatchObject({
      code: 'key-unknown',
      exitCode: 5,
    });
  });

  it('signed by a revoked key: key-revoked', async () => {
    const on = device();
    const { keyId } = parsePrivateKey(key.privatePem, 'key');
    writeFileSync(join(on.system.paths.config[0] ?? '', 'revoked-keys'), `${keyId}\n`);
    expect(await refused(on)).toMatchObject({ code: 'key-revoked', exitCode: 5 });
  });

  it('signed by a key that a healthy image has revoked: key-revoked', async () => {
    const on = device();
    const { keyId } = parsePrivateKey(key.privatePem, 'key');
    stageTrustFloor(on.system.paths.state, { threshold: 1, revoked: [keyId] })?.();
    expect(await refused(on)).toMatchObject({ code: 'key-revoked', exitCode: 5 });
  });

  it('signed by fewer keys than a healthy image required: signature-missing', async () => {
    const on = device();
    stageTrustFloor(on.system.paths.state, { threshold: 2, revoked: [] })?.();
    expect(await refused(on)).toMatchObject({ code: 'signature-missing', exitCode: 5 });
  });

  it('changed after it was signed: signature-invalid', async () => {
    const on = device();
    const path = damaged(on, (bytes) => {
      const at = bytes.indexOf('"version":"0.2.0"');
      bytes.write('"version":"9.2.0"', at);
      return bytes;
    });
    expect(await refused(on, path)).toMatchObject({ code: 'signature-invalid', exitCode: 5 });
  });

  it('with control characters in its manifest: prints none of them and parses nothing', async () => {
    const on = device();
    const path = damaged(on, (bytes) => {
      const [begin, end] = [bytes.indexOf('{"format"'), bytes.indexOf('"compatible"')];
      const evil = '{"\\u001b[2J\\u001b[1;1Hok":1,'.padEnd(end - begin);
      return Buffer.concat([bytes.subarray(0, begin), Buffer.from(evil), bytes.subarray(end)]);
    });
    expect(await refused(on, path)).toMatchObject({ code: 'signature-invalid', exitCode: 5 });
    for (const flags of [[], ['--json'], ['--dry-run']]) {
      const { stdout, stderr } = await on.agent('apply', path, ...flags);
      expect(`${stdout}${stderr}`).not.toContain('\u001b');
    }
    expect(on.journal.join()).not.toContain('\u001b');
  });

  it('signed by too few keys: signature-missing', async () => {
    const on = device();
    const config = join(on.system.paths.config[0] ?? '', 'config.yaml');
    writeFileSync(config, 'signatures: { threshold: 2 }\n');
    expect(await refused(on)).toMatchObject({ code: 'signature-missing', exitCode: 5 });
  });
});

describe('refused because of the manifest', () => {
  it.each([
    ['for another product', { compatible: 'another-amd64' }, 'incompatible'],
    ['older than the running version', { version: '0.0.9' }, 'downgrade'],
    ['a release candidate of the running version', { version: '0.1.0-rc.1' }, 'downgrade'],
    ['for a newer agent', { minimumAgent: '1.2.4' }, 'agent-too-old'],
  ])('%s', async (_, manifest, code) => {
    expect(await refusedUpdate(device(), { manifest })).toMatchObject({ code, exitCode: 5 });
  });

  it('below the rollback index, even with --force-downgrade: rollback-index', async () => {
    const on = device();
    raiseRollbackIndex(on.system.paths.state, 3);
    expect(await refused(on)).toMatchObject({ code: 'rollback-index', exitCode: 5, least: 3 });
    expect(await refused(on, update.path, '--force-downgrade')).toMatchObject({
      code: 'rollback-index',
    });
  });

  it('larger than the slot: image-too-large', async () => {
    expect(await refusedUpdate(device(), { kib: 448 })).toMatchObject({
      code: 'image-too-large',
      exitCode: 5,
    });
  });

  it('tried before: failed-before, with the reason', async () => {
    const on = device();
    const { facts } = await on.apply(update);
    const again = device();
    addRejection(again.system.paths.state, {
      manifestSha256: facts.update.manifestSha256,
      version: '0.2.0',
      slot: 'B',
      failedAt: '2030-01-01T00:00:00.000Z',
      reason: 'its kernel panicked',
    });
    expect(await refused(again)).toMatchObject({
      code: 'failed-before',
      exitCode: 5,
      why: expect.stringContaining('its kernel panicked'),
    });
    expect((await again.agent('apply', update.path, '--no-reboot', '--retry')).exitCode).toBe(4);
  });

  it('tried before and still in the slot: failed-before without reading the slot', async () => {
    const on = device();
    const { facts } = await on.apply(update);
    addRejection(on.system.paths.state, {
      manifestSha256: facts.update.manifestSha256,
      version: '0.2.0',
      slot: 'B',
      failedAt: '2030-01-01T00:00:00.000Z',
      reason: 'its kernel panicked',
    });
    const steps: string[] = [];
    const progress: Progress = {
      step(name, ...rest) {
        steps.push(name);
        return NO_PROGRESS.step(name, ...rest);
      },
    };
    await expect(on.apply(update, { progress })).rejects.toMatchObject({ code: 'failed-before' });
    expect(steps).toEqual(['head']);
    const retried = await on.apply(update, { progress, options: { retry: true } });
    expect(retried).toMatchObject({ kind: 'armed', chunksWritten: 0 });
    expect(steps).toContain('compare');
  });
});

describe('from an image below the rollback index, which is not confirmed', () => {
  /** GRUB fell back to it from B, the confirmed slot; its own checks passed or failed. */
  function fallenBack(healthy: boolean): ApplyDevice {
    const on = applyDevice('A', { confirmed: 'B', success: false });
    on.trust(key.publicPem);
    const { state } = on.system.paths;
    raiseRollbackIndex(state, 5);
    writeHealthReport(state, {
      ...{ schema: 1, healthy, slot: 'A', version: '0.1.0', bootId: readBootId(on.system) },
      ...{ at: '2030-01-01T00:00:00.000Z', trial: false, seconds: 1, checks: [] },
    });
    return on;
  }

  it('applies a newer update and confirms the healthy image for this boot', async () => {
    const newer = await sampleUpdate({
      privatePems: [key.privatePem],
      manifest: { rollbackIndex: 5 },
    });
    const on = fallenBack(true);
    const plan = await on.plan(newer);
    expect(plan.steps.slice(0, 3).map(({ kind }) => kind)).toEqual(['accept', 'baseline', 'begin']);
    const { warnings } = await on.apply(newer);
    newer.remove();
    expect(warnings.join()).toContain('accepted for this boot');
    expect(on.holds('B', newer)).toBe(true);
    expect(on.trial()).toEqual({ slot: 'B', tries: 1 });
    expect(readRollbackIndex(on.system.paths.state)).toBe(5);
  });

  it('does not apply an update below the index', async () => {
    expect(await refused(fallenBack(true))).toMatchObject({ code: 'rollback-index' });
  });

  it('applies nothing unless the image is known to be healthy', async () => {
    const on = fallenBack(false);
    expect(await refusedUpdate(on, { manifest: { rollbackIndex: 5 } })).toMatchObject({
      code: 'boot-unconfirmed',
    });
    on.restart('A');
    expect(await refusedUpdate(on, { manifest: { rollbackIndex: 5 } })).toMatchObject({
      code: 'boot-unconfirmed',
    });
  });
});

describe('refused because of the state of the device', () => {
  it('not confirmed yet: boot-unconfirmed', async () => {
    for (const env of [{ success: false }, { confirmed: 'B' as const }]) {
      const on = applyDevice('A', env);
      on.trust(key.publicPem);
      expect(await refused(on)).toMatchObject({ code: 'boot-unconfirmed', exitCode: 1 });
    }
  });

  it('environment block damaged: boot-unconfirmed', async () => {
    const on = device();
    writeFileSync(on.esp(EspPath.env), new Uint8Array(1024));
    expect(await refused(on)).toMatchObject({ code: 'boot-unconfirmed', exitCode: 1 });
  });

  it('slot mounted: slot-mounted; root of the running system: slot-active', async () => {
    const on = device();
    const mount = (point: string) =>
      `36 1 0:1 / ${point} rw - ext4 ${on.system.slotDevice('B')} rw\n`;
    const { mounts } = on.system.paths;
    const root = readFileSync(mounts, 'utf8');
    writeFileSync(mounts, root + mount('/mnt'));
    expect(await refused(on)).toMatchObject({
      code: 'slot-mounted',
      exitCode: 1,
      why: 'it is mounted at /mnt',
    });
    writeFileSync(mounts, mount('/') + root);
    expect(await refused(on)).toMatchObject({ code: 'slot-active', exitCode: 1 });
  });

  it('not root: not-root', async () => {
    const on = device();
    Object.assign(on.system, { isRoot: () => false });
    const { exitCode, stderr } = await on.agent('apply', update.path);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[not-root]');
  });
});

describe('refused because of the file', () => {
  it('truncated: update-truncated, before a byte is written', async () => {
    const on = device();
    const path = damaged(on, (bytes) => bytes.subarray(0, statSync(update.path).size - 1));
    expect(await refused(on, path)).toMatchObject({ code: 'update-truncated', exitCode: 1 });
  });

  it.each([
    ['not there', '/no/such/update.img', 'update-missing', 1],
    ['a URL', 'https://mirror.example/update.img', 'source-unsupported', 2],
  ])('%s', async (_, path, code, exitCode) => {
    expect(await refused(device(), path)).toMatchObject({ code, exitCode });
  });

  it('logs the refusal to the journal, with the version if the update is trusted', async () => {
    const on = device();
    expect(await refusedUpdate(on, { manifest: { compatible: 'another-amd64' } })).toMatchObject({
      code: 'incompatible',
    });
    await refused(on, on.system.slotDevice('A'));

    expect(on.journal).toEqual([
      expect.stringMatching(/^OTA_VERSION=\d+\.\d+\.\d+$\n^OTA_CODE=incompatible$/m),
      expect.stringMatching(/^OTA_CODE=not-an-update$/m),
    ]);
    expect(on.journal[1]).not.toContain('OTA_VERSION');
  });

  it('not an update: not-an-update', async () => {
    const on = device();
    expect(await refused(on, on.system.slotDevice('A'))).toMatchObject({ code: 'not-an-update' });
  });
});

it('a number of tries that GRUB cannot count is a usage error', async () => {
  const { exitCode, stderr } = await device().agent('apply', update.path, '--tries', '8');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('error[bad-tries]');
});
