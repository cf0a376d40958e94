import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { journalEntry, Priority } from '../src/journal/journal.ts';
import { MessageId } from '../src/journal/message-ids.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CATALOG = join(ROOT, 'systemd/catalog/ota-agent.catalog');

/** The entries of the catalog, by id. */
async function catalog(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(CATALOG, 'utf8');
  return new Map(
    [...text.matchAll(/^-- ([0-9a-f]{32})\n([\s\S]*?)(?=^-- |(?![\s\S]))/gm)].map(
      ([, id = '', entry = '']) => [id, entry],
    ),
  );
}

describe('the journal catalog', () => {
  it('explains exactly the messages of the agent', async () => {
    expect([...(await catalog()).keys()].sort()).toEqual(Object.values(MessageId).sort());
  });

  it('is listed in docs/reference/journal.md', async () => {
    const page = await readFile(join(ROOT, 'docs/reference/journal.md'), 'utf8');
    expect([...page.matchAll(/`([0-9a-f]{32})`/g)].map(([, id]) => id).sort()).toEqual(
      Object.values(MessageId).sort(),
    );
  });

  it('is accepted by journalctl', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'catalog-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const catalogs = join(directory, 'usr/lib/systemd/catalog');
    await run('mkdir', ['-p', catalogs, join(directory, 'var/lib/systemd/catalog')]);
    await run('cp', [CATALOG, catalogs]);
    await run('journalctl', [`--root=${directory}`, '--update-catalog']);
    const { stdout } = await run('journalctl', [`--root=${directory}`, '--list-catalog']);
    expect(stdout.trim().split('\n')).toHaveLength(Object.keys(MessageId).length);
  });

  it('names only fields that the messages can have', async () => {
    const entry = journalEntry({
      messageId: MessageId.rolledBack,
      priority: Priority.error,
      message: 'x',
      fields: { slot: 'B', version: '2.0.0', toSlot: 'A', toVersion: '1.0.0' },
    });
    for (const [, text] of await catalog()) {
      for (const [, field] of text.matchAll(/@([A-Z_]+)@/g)) {
        expect(entry).toContain(`${field}=`);
      }
    }
  });
});
