import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHUNK_BYTES } from '@micro-linux/update-image/testing';
import { parsePrivateKey } from '@micro-linux/update-image/write';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApplyDevice, applyDevice } from '../apply/apply-device.testdata.ts';
import { type SampleUpdate, sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { readSlotHead, writeSlotHead } from '../state/slot-heads.ts';

let update: SampleUpdate;
beforeAll(async () => {
  update = await sampleUpdate();
});
afterAll(() => update.remove());

/** A device that has the update in both slots, with its head recorded. */
async function installed(): Promise<ApplyDevice> {
  const on = applyDevice();
  on.trust(update.publicPem);
  await on.apply(update);
  const { state } = on.system.paths;
  writeFileSync(on.system.slotDevice('A'), update.image, { flag: 'r+' });
  writeSlotHead(state, 'A', readSlotHead(state, 'B') ?? expect.fail());
  return on;
}

async function verify(on: ApplyDevice, ...flags: string[]) {
  const { exitCode, stdout } = await on.agent('verify', '--json', ...flags);
  return { exitCode, ...JSON.parse(stdout) };
}

it('finds both slots as they were signed', async () => {
  const on = await installed();
  expect(await verify(on)).toMatchObject({
    exitCode: 0,
    ok: true,
    slots: [
      { name: 'A', running: true, verdict: 'good', version: '0.2.0' },
      {
        name: 'B',
        running: false,
        verdict: 'good',
        signedBy: [parsePrivateKey(update.privatePem, 'key').keyId],
      },
    ],
  });
  expect((await on.agent('verify')).stdout).toBe(
    'slot A (running): good, 0.2.0 as it was signed\nslot B: good, 0.2.0 as it was signed\n',
  );
});

it('names the first chunk that differs, down to the last byte', async () => {
  const on = await installed();
  const bytes = on.slot('B');
  for (const at of [2 * CHUNK_BYTES + 7, update.image.length - 1]) {
    bytes[at] = (bytes[at] ?? 0) ^ 1;
  }
  writeFileSync(on.system.slotDevice('B'), bytes);
  expect(await verify(on)).toMatchObject({
    exitCode: 1,
    ok: false,
    code: 'slot-differs',
    slots: [{ verdict: 'good' }, { verdict: 'differs', chunk: 2, offset: 2 * CHUNK_BYTES }],
  });
  expect((await verify(on, '--slot', 'A')).exitCode).toBe(0);
});

it('says that an unchanged slot is not trusted once its key is revoked', async () => {
  const on = await installed();
  const { keyId } = parsePrivateKey(update.privatePem, 'key');
  writeFileSync(join(on.system.paths.config[0] ?? '', 'revoked-keys'), `${keyId}\n`);
  expect(await verify(on, '--slot', 'B')).toMatchObject({
    exitCode: 1,
    code: 'slot-unproved',
    slots: [{ verdict: 'untrusted' }],
  });
});

it('requires the head of the running slot; the other slot may be empty', async () => {
  const on = applyDevice();
  on.trust(update.publicPem);
  expect(await verify(on)).toMatchObject({
    exitCode: 1,
    code: 'slot-unproved',
    slots: [{ verdict: 'unknown' }, { verdict: 'unknown' }],
  });
  await on.apply(update);
  expect((await verify(on)).exitCode).toBe(1);
  expect((await verify(on, '--slot', 'B')).exitCode).toBe(0);
  expect((await on.agent('verify', '--slot', 'C')).exitCode).toBe(2);
});
