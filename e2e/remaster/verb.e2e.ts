import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { microLinux, microLinuxJson } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';
import { makeUbuntuIso, SERVER_24_04_2 } from '../harness/ubuntu-iso/index.ts';

const skipped = await whySkipped('the verb iso, with a source');

let scratch: string;
const at = (name: string) => join(scratch, name);

beforeAll(async () => {
  scratch = await makeScratch('remaster-verb');
});
afterAll(() => removeScratch(scratch));

describe.skipIf(skipped)('iso, with a source', () => {
  let source: string;
  beforeAll(async () => {
    source = at('verb.iso');
    await makeUbuntuIso({ edition: SERVER_24_04_2, output: source, scratch, run });
  });

  test('prints the plan, and writes nothing', async () => {
    const artifacts = at('verb-artifacts');
    const env = { SOURCE_ISO: source };
    const result = await microLinuxJson(['iso', '--dry-run', '--artifacts', artifacts], { env });
    expect(result).toMatchObject({
      output: expect.stringMatching(
        /\/verb-artifacts\/(micro-linux-x86_64_[\d.]+_noble)\/\1\.ubuntu-24\.04\.2\.iso$/,
      ),
      changed: ['/boot/grub/grub.cfg', '/casper/install-sources.yaml'],
      removed: [],
    });
    await expect(stat(artifacts)).rejects.toThrow();
  });

  test('refuses before it builds, with status 2 and a hint', async () => {
    await truncate(source, (await stat(source)).size - 2048);
    const args = ['iso', '--source-iso', source, '--artifacts', at('verb-refused'), '--json'];
    const { stdout, exitCode } = await microLinux(args);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      code: 'source-iso-truncated',
      hint: expect.stringContaining('SHA256SUMS'),
    });
    await expect(stat(at('verb-refused'))).rejects.toThrow();
  });
});
