import { describe, expect, it } from 'vitest';
import { testDevice } from '../testing.ts';
import { journalEntry, logEvent, Priority } from './journal.ts';
import { MessageId } from './message-ids.ts';

describe('the journal', () => {
  it('gets one field per line, and a message of several lines as one field', () => {
    expect(
      journalEntry({
        messageId: MessageId.rolledBack,
        priority: Priority.error,
        message: 'it was rolled back\nbecause',
        fields: { slot: 'B', buildId: 'x\ny', tries: 1, version: null },
      }),
    ).toBe(
      `MESSAGE_ID=${MessageId.rolledBack}\nPRIORITY=3\nSYSLOG_IDENTIFIER=ota-agent\nMESSAGE=it was rolled back\nMESSAGE=because\nOTA_SLOT=B\nOTA_BUILD_ID=x y\nOTA_TRIES=1\n`,
    );
  });

  it('escapes and limits text from outside, which cannot add a field or flood the log', () => {
    const evil = '\u001b[2J\rMESSAGE=ok\u202e';
    const entry = journalEntry({
      messageId: MessageId.refused,
      priority: Priority.warning,
      message: `${evil}\n${'x'.repeat(15_000_000)}`,
      fields: { code: `${evil}\nPRIORITY=7`, version: 'y'.repeat(1_000_000) },
    });
    expect(entry.length).toBeLessThan(10_000);
    expect(entry).toContain('MESSAGE=\\x1b[2J\\rMESSAGE=ok\\u202e\n');
    expect(entry).toContain('OTA_CODE=\\x1b[2J\\rMESSAGE=ok\\u202e PRIORITY=7\n');
    expect(entry.match(/^PRIORITY=/gm)).toHaveLength(1);
  });

  it('never fails', async () => {
    const device = testDevice();
    device.answer('/usr/bin/logger', async () => {
      throw new Error('no journald');
    });
    const event = { messageId: MessageId.confirmed, priority: Priority.info, message: 'x' };
    await expect(logEvent(device.system, event)).resolves.toBeUndefined();
  });

  it('has message ids that are distinct and well-formed', () => {
    const ids = Object.values(MessageId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/.test(id))).toBe(true);
  });
});
