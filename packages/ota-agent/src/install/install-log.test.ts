import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { InstallLog } from './install-log.ts';

test('records what was done, readable only by root', async () => {
  const root = mkdtempSync(join(tmpdir(), 'install-log-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const log = new InstallLog(() => new Date('2030-01-02T03:04:05Z'));
  const told: string[] = [];
  const progress = log.follow({
    step: (_id, title) => ({
      advance: () => undefined,
      done: (note) => told.push(`done ${title} ${note}`),
      failed: () => told.push(`failed ${title}`),
    }),
  });
  progress.step('a', 'write it').done('all');
  progress.step('b', 'boot it').failed();
  log.add('  ');
  await log.save(root);
  const path = join(root, 'var/log/installer/install.log');
  const at = '2030-01-02T03:04:05.000Z';
  expect(readFileSync(path, 'utf8')).toBe(
    `${at} begin: write it\n${at} done: write it (all)\n${at} begin: boot it\n${at} FAILED: boot it\n`,
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(told).toEqual(['done write it all', 'failed boot it']);
});
