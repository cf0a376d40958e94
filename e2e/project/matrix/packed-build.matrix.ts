import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { microLinuxJson } from '../../harness/cli/micro-linux.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { installPacked, type Packed } from '../packed.ts';

let scratch: string;
let packed: Packed;
beforeAll(async () => {
  scratch = await makeScratch('packed-build');
  packed = await installPacked(scratch);
});
afterAll(() => removeScratch(scratch));

it('builds the same slot image as a checkout, with no cache of its own', async () => {
  const folder = join(scratch, 'product');
  await mkdir(folder);
  // Without it each would trust a development key of its own.
  await packed.program(folder, ['keygen', 'trusted.pem']);
  const args = [
    'rootfs',
    '--profile',
    'bookworm',
    '--trusted-key',
    join(folder, 'trusted.pub.pem'),
  ];
  const { exitCode, stdout, stderr } = await packed.program(folder, [...args, '--json']);
  expect(exitCode, stderr).toBe(0);
  const installed = slotOf(JSON.parse(stdout));

  // The same packages from the archive; everything else is made again.
  const cache = join(packed.home, '.cache');
  for (const step of ['ota-agent', 'node', 'slot']) {
    await rm(join(cache, 'micro-linux', step), { recursive: true });
  }
  const built = await microLinuxJson([...args, '--artifacts', join(scratch, 'artifacts')], {
    env: { XDG_CACHE_HOME: cache },
  });
  expect(slotOf(built)).toBe(installed);
});

/** SHA-256 of the slot image. */
function slotOf(output: Readonly<Record<string, unknown>>): unknown {
  return output['slot'] && Reflect.get(output['slot'], 'sha256');
}
