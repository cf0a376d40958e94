import { printableLine, printableText } from '@micro-linux/core';
import type { System } from '../system/system.ts';

/** syslog(3) levels that are used here. */
export const Priority = { critical: 2, error: 3, warning: 4, notice: 5, info: 6 } as const;

/** One entry of the journal. */
export interface JournalEvent {
  /** One of `MessageId`. */
  readonly messageId: string;
  /** 0 (worst) to 7; see {@link Priority}. */
  readonly priority: number;
  /** May have several lines. */
  readonly message: string;
  /** More fields, by names without prefix: `slot` becomes `OTA_SLOT`. */
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>;
}

const LOGGER = '/usr/bin/logger';
const LOGGER_TIMEOUT_MS = 10_000;

/** Writes an entry to the journal. Never throws: the text is also in the history or in an error. */
export async function logEvent(system: System, event: JournalEvent): Promise<void> {
  await system
    .run(LOGGER, ['--journald'], { input: journalEntry(event), timeoutMs: LOGGER_TIMEOUT_MS })
    .catch(() => undefined);
}

/**
 * The entry as `logger --journald` reads it: a field a line; MESSAGE again for each line. Texts may
 * quote what an attacker wrote: they are escaped and bounded, and cannot make a field of their own.
 */
export function journalEntry({ messageId, priority, message, fields = {} }: JournalEvent): string {
  const lines = [
    `MESSAGE_ID=${messageId}`,
    `PRIORITY=${priority}`,
    'SYSLOG_IDENTIFIER=ota-agent',
    ...printableText(message)
      .split('\n')
      .map((line) => `MESSAGE=${line}`),
    ...Object.entries(fields).flatMap(([name, value]) =>
      value === null
        ? []
        : [`OTA_${fieldName(name)}=${printableLine(String(value).replaceAll('\n', ' '))}`],
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** `buildId` is `BUILD_ID`. */
function fieldName(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}
