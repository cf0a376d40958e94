import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendHistory, type HistoryEvent, readHistory } from './history.ts';
import { temporaryDirectory } from './temporary-directory.testdata.ts';

const event = (version: string): HistoryEvent => ({
  event: 'installed',
  at: '2030-01-01T00:00:00.000Z',
  slot: 'B',
  version,
  seconds: 12,
  retry: false,
});

/** Creates a history of these versions; returns its directory. */
function historyOf(versions: readonly string[], maximumBytes = 65_536): string {
  const directory = temporaryDirectory();
  for (const version of versions) {
    appendHistory(directory, event(version), { maximumBytes });
  }
  return directory;
}

/** Edits the lines of a history, as with an editor. */
function edit(directory: string, change: (lines: string[]) => string[]): void {
  const path = join(directory, 'history.jsonl');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  writeFileSync(path, `${change(lines).join('\n')}\n`);
}

const versions = (directory: string) =>
  readHistory(directory).entries.map(({ version }) => version);

describe('the history', () => {
  it('returns its entries, oldest first', () => {
    const directory = historyOf(['1.0.0', '2.0.0']);
    expect(readHistory(directory)).toEqual({
      entries: [event('1.0.0'), event('2.0.0')],
      intact: true,
    });
  });

  it('is empty and intact when there is none', () => {
    expect(readHistory(temporaryDirectory())).toEqual({ entries: [], intact: true });
  });

  it.each<[string, (lines: string[]) => string[]]>([
    ['changed', (lines) => lines.map((line) => line.replace('2.0.0', '9.9.9'))],
    ['taken out', (lines) => lines.filter((_, index) => index !== 1)],
    ['made unreadable', (lines) => lines.map((line, index) => (index === 1 ? '{' : line))],
    ['swapped', ([one = '', two = '', ...rest]) => [two, one, ...rest]],
  ])('is not intact when a line was %s', (_, change) => {
    const directory = historyOf(['1.0.0', '2.0.0', '3.0.0']);
    edit(directory, change);
    expect(readHistory(directory).intact).toBe(false);
    appendHistory(directory, event('4.0.0'), { maximumBytes: 65_536 });
    expect(readHistory(directory).intact, 'and a later entry does not hide it').toBe(false);
    expect(versions(directory)).toContain('4.0.0');
  });

  it('drops its oldest half when it is full, and the rest is intact', () => {
    const many = Array.from({ length: 300 }, (_, index) => `1.0.${index}`);
    const directory = historyOf(many, 4096);
    expect(statSync(join(directory, 'history.jsonl')).size).toBeLessThanOrEqual(4096);
    expect(readHistory(directory).intact).toBe(true);
    expect(versions(directory).at(-1)).toBe('1.0.299');
    expect(versions(directory).length).toBeGreaterThan(5);
  });

  it('keeps the newest entry even if it alone is too long', () => {
    const directory = historyOf(['1.0.0', 'x'.repeat(5000)], 4096);
    expect(versions(directory)).toEqual(['x'.repeat(5000)]);
  });
});
