import { appendFileSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesIn } from '../../test/support/files-in.ts';
import { type SampleUpdate, sampleUpdate, testKey } from '../../test/support/sample-update.ts';
import { scratchDirectory } from '../../test/support/scratch.ts';
import { thrownBy } from '../../test/support/thrown-by.ts';
import { signManifest } from './sign-manifest.ts';
import { type WriteOptions, writeUpdate } from './write-update.ts';

const key = testKey();

async function setUp() {
  const directory = scratchDirectory();
  const update = await sampleUpdate(directory, [key]);
  const write = (options: Partial<WriteOptions> = {}) =>
    writeUpdate({
      output: update.file,
      payload: update.payloadFile,
      manifestBytes: update.manifestBytes,
      signatures: [],
      ...options,
    });
  return { directory, update, write };
}

test('writes the same bytes for the same parts', async () => {
  const { directory, update, write } = await setUp();
  const again = join(directory, 'again.img');
  const signatures = [signManifest(update.manifestBytes, key.privateKey.key)];
  await write({ output: again, signatures });
  expect(readFileSync(again).equals(update.bytes)).toBe(true);
});

describe('a failure leaves the output unchanged and no other file', () => {
  async function refusal(
    attempt: (write: Awaited<ReturnType<typeof setUp>>['write'], u: SampleUpdate) => unknown,
  ): Promise<string> {
    const { directory, update, write } = await setUp();
    const { code } = await thrownBy(() => attempt(write, update));
    expect(readFileSync(update.file).equals(update.bytes)).toBe(true);
    expect(filesIn(directory).filter((name) => name !== 'payload')).toEqual([
      'slot.img',
      'update.img',
    ]);
    return code;
  }

  test('the payload has another length', async () => {
    expect(
      await refusal((write, { payloadFile }) => {
        appendFileSync(payloadFile, '.');
        return write();
      }),
    ).toBe('payload-mismatch');
    expect(
      await refusal((write, { payloadFile }) => {
        truncateSync(payloadFile, 1000);
        return write();
      }),
    ).toBe('payload-mismatch');
  });

  test('there is no payload', async () => {
    expect(
      await refusal((write, { payloadFile }) => {
        rmSync(payloadFile);
        return write();
      }),
    ).toBe('update-missing');
  });

  test('the manifest or a signature is invalid', async () => {
    const manifestBytes = Buffer.from('micro-linux update manifest 1\n{}\n');
    expect(await refusal((write) => write({ manifestBytes }))).toBe('manifest-invalid');
    const signature = { keyId: 'x', algorithm: 'ed25519', signature: 'x' } as const;
    expect(await refusal((write) => write({ signatures: [signature] }))).toBe('signatures-invalid');
  });

  test('it is cancelled', async () => {
    expect(await refusal((write) => write({ signal: AbortSignal.abort() }))).toBe('cancelled');
  });
});
