import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microLinux } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';

const skipped = await whySkipped('quickstart');

describe.skipIf(skipped !== undefined)('quickstart', () => {
  let scratch: string;
  beforeAll(async () => {
    scratch = await makeScratch('quickstart');
  });
  afterAll(() => removeScratch(scratch));

  // Named, because whether the Ubuntu archive answers is not this story's to decide.
  it('builds, boots, logs in and says how to go on', async () => {
    const { stdout, stderr, exitCode } = await microLinux([
      'quickstart',
      '--profile',
      'bookworm',
      '--artifacts',
      join(scratch, 'artifacts'),
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('password (shown once)');
    expect(stdout).toContain('Debian GNU/Linux 12');
    expect(stderr).toContain('./micro-linux vm --ssh');
  });
});
