import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testConfig } from '../../jobs/build/testing.ts';
import { cloudInit } from '../../product/cloud-init.ts';
import { staticOverlay } from './slot-overlay.ts';

const ROOT = join(import.meta.dirname, '../../../../..');
const DROP_INS = '/usr/lib/systemd/system/systemd-networkd-wait-online.service.d/';

it('makes network-online.target wait for one port with a cable, not for all ports', async () => {
  const [file, ...more] = (await staticOverlay(ROOT)).filter(
    ({ kind, path }) => kind === 'file' && path.startsWith(DROP_INS),
  );
  expect(more).toEqual([]);
  if (file?.kind !== 'file' || typeof file.content === 'string') {
    throw new TypeError('the drop-in is not a file of the checkout');
  }
  // The empty line removes the distribution's command, which would run as well.
  expect(await readFile(file.content.from, 'utf8')).toMatch(
    /^ExecStart=\nExecStart=\/usr\/lib\/systemd\/systemd-networkd-wait-online --any$/m,
  );
});

it('does not delay network-online.target if no port has a link', async () => {
  const overlay = await staticOverlay(ROOT);
  const dropIn = overlay.find(({ path }) => path.startsWith(DROP_INS));
  if (dropIn?.kind !== 'file' || typeof dropIn.content === 'string') {
    throw new TypeError('the drop-in is not a file of the checkout');
  }
  const text = await readFile(dropIn.content.from, 'utf8');
  const [, script] = /^ExecCondition=(\S+)$/m.exec(text) ?? [];
  expect(overlay.find(({ path }) => path === script)).toMatchObject({ mode: 0o755 });
});

it('lets the drop-in of cloud-init override its own', async () => {
  const own = (await staticOverlay(ROOT)).filter(({ path }) => path.startsWith(DROP_INS));
  const config = await testConfig('cloudInit: {enabled: true}\n');
  const { entries = [] } = cloudInit(config, { vendor: 'debian' });
  const more = entries.filter(({ path }) => path.startsWith(DROP_INS));
  const paths = [...own, ...more].map(({ path }) => path);
  expect(paths.toSorted()).toEqual(paths);
  expect(new Set(paths).size).toBe(paths.length);
});

it('waits longer for a device than the 90 s of systemd', async () => {
  const settings = (await staticOverlay(ROOT)).find(
    ({ path }) => path === '/usr/lib/systemd/system.conf.d/10-micro-linux.conf',
  );
  if (settings?.kind !== 'file' || typeof settings.content === 'string') {
    throw new TypeError('the settings of systemd are not a file of the checkout');
  }
  const text = await readFile(settings.content.from, 'utf8');
  expect(Number(/^DefaultDeviceTimeoutSec=(\d+)min$/m.exec(text)?.[1]) * 60).toBeGreaterThan(90);
});
