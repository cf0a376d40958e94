import { printableLine, printableText } from '@micro-linux/core';
import type { History, HistoryEvent } from './history.ts';

/** Details that are in the line itself, or only in --json. */
const HIDDEN: ReadonlySet<string> = new Set([
  'event',
  'at',
  'slot',
  'version',
  'reason',
  'details',
  'armedAt',
  'buildId',
  'manifestSha256',
]);

/** The history as text, oldest first: one line per entry, with its reason below. */
export function historyText({ entries, intact }: History): string {
  const lines = entries.flatMap((entry) => {
    const { reason } = entry;
    const what = `${entry.event.padEnd(12)} slot ${entry.slot}  ${entry.version ?? 'unknown'}`;
    return [
      printableLine(`${entry.at}  ${what}${more(entry)}`),
      ...(typeof reason === 'string' ? printableText(reason).split('\n') : []).map(
        (line) => `${' '.repeat(26)}${line}`,
      ),
    ];
  });
  return [
    ...(lines.length === 0 ? ['nothing has happened yet'] : lines),
    ...(intact ? [] : ['DAMAGED: lines were changed, taken out or cannot be read']),
  ].join('\n');
}

function more(entry: HistoryEvent): string {
  const details = Object.entries(entry).filter(
    ([name, value]) => !HIDDEN.has(name) && value !== null && value !== '',
  );
  return details.length === 0
    ? ''
    : `  (${details.map(([name, value]) => `${name} ${String(value)}`).join(', ')})`;
}
