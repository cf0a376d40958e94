import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microLinux, microLinuxJson } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';

const skipped = await whySkipped('Secure Boot');

describe.skipIf(skipped !== undefined)('a bookworm image under Secure Boot', () => {
  let scratch: string;

  beforeAll(async () => {
    scratch = await makeScratch('secure-boot');
    await microLinuxJson([
      ...['build', '--no-iso'],
      '--profile',
      'bookworm',
      '--artifacts',
      join(scratch, 'artifacts'),
    ]);
  });
  afterAll(() => removeScratch(scratch));

  it("boots with Microsoft's keys enforced, and is healthy", async () => {
    const { stdout, exitCode } = await microLinux([
      'test',
      '--artifacts',
      join(scratch, 'artifacts'),
      '--firmware',
      'secure-boot',
    ]);
    expect(stdout).not.toMatch(/FAIL/);
    expect(stdout).toMatch(/login prompt appears +ok /);
    expect(exitCode).toBe(0);
  });
});
