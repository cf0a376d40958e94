import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageId } from 'ota-agent/journal/message-ids';
import { expect, test } from 'vitest';
import { balanced } from './balanced.ts';
import { PAGES } from './pages.ts';
import { REPOSITORY, repositoryFiles } from './repository-files.ts';
import { quotedWords, tableRows } from './tables.ts';

test('the page of the journal lists the fields that each message has', () => {
  const page = readFileSync(join(REPOSITORY, PAGES.journal), 'utf8');
  const rows = tableRows(page).map(([id, , fields]) => [quotedWords(id)[0], quotedWords(fields)]);
  const listed = Object.fromEntries(rows);

  const sent = sentFields();
  expect(sent.size).toBeGreaterThan(10);
  for (const [name, fields] of sent) {
    expect(listed[MessageId[name]]?.toSorted(), name).toEqual(fields.toSorted());
  }
});

test('the script that ends a trial sends the id of a deadline', () => {
  const script = readFileSync(join(REPOSITORY, 'systemd/scripts/end-trial'), 'utf8');
  const ids = [...script.matchAll(/^MESSAGE_ID=(\w+)$/gm)].map(([, id]) => id);
  expect(ids).toEqual([MessageId.deadline]);
});

/** The fields of each message that the agent's sources send, under their names in the journal. */
function sentFields(): Map<keyof typeof MessageId, string[]> {
  const sent = new Map<keyof typeof MessageId, string[]>();
  const sources = repositoryFiles().filter((path) =>
    /^packages\/ota-agent\/src\/(?!.*\.test\.ts$).*\.ts$/.test(path),
  );
  for (const path of sources) {
    const source = readFileSync(join(REPOSITORY, path), 'utf8');
    for (const match of source.matchAll(/\{\s*messageId: MessageId\.(\w+)/g)) {
      const event = balanced(source, match.index);
      const start = event.indexOf('fields: {');
      const fields = start < 0 ? '{}' : balanced(event, start + 'fields: '.length);
      const names = keysOf(fields).map(
        (key) => `OTA_${key.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`,
      );
      const name = Object.keys(MessageId).find((known) => known === match[1]) as
        | keyof typeof MessageId
        | undefined;
      expect(name, path).toBeDefined();
      if (name !== undefined) {
        sent.set(name, [...new Set([...(sent.get(name) ?? []), ...names])]);
      }
    }
  }
  return sent;
}

/** The keys of a flat object in source text. */
function keysOf(object: string): string[] {
  return object
    .slice(1, -1)
    .split(',')
    .flatMap((part) => /^\s*(\w+)/.exec(part)?.[1] ?? []);
}
