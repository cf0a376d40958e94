import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../../systemd/scripts/await-cable');

let ports = '';
beforeEach(async () => {
  ports = await mkdtemp(join(tmpdir(), 'await-cable-'));
});
afterEach(async () => {
  await rm(ports, { recursive: true });
});

/** @param carrier undefined: the port is switched off, and its file gives an error. */
async function port(name: string, carrier: '0' | '1' | undefined): Promise<void> {
  await mkdir(join(ports, name));
  if (carrier !== undefined) {
    await writeFile(join(ports, name, 'carrier'), `${carrier}\n`);
  }
}

const awaitCable = (tries: number) =>
  run('/bin/sh', [SCRIPT], {
    env: { NETWORK_PORTS: ports, TRIES: String(tries) },
    okExitCodes: [0, 1],
  });

it('exits at once when one port has a link', async () => {
  await port('eth0', undefined);
  await port('eth1', '1');
  await port('lo', '1');
  expect(await awaitCable(1)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
});

it('waits for a link that appears later', async () => {
  await port('eth0', '0');
  const waiting = awaitCable(60);
  await writeFile(join(ports, 'eth0/carrier'), '1\n');
  expect((await waiting).exitCode).toBe(0);
});

it.each<[string, () => Promise<unknown>]>([
  ['a port without a cable', () => port('eth0', '0')],
  ['a port that is switched off', () => port('eth0', undefined)],
  ['the loopback interface alone', () => port('lo', '1')],
  ['no port', async () => undefined],
])('gives up on %s', async (_title, make) => {
  await make();
  expect(await awaitCable(1)).toMatchObject({
    exitCode: 1,
    stderr: 'await-cable: no network port has a link: the boot goes on without\n',
  });
});
