import { readFile, realpath, stat } from 'node:fs/promises';
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
  it('builds, boots, logs in and prints the next steps', async () => {
    const { stdout, stderr, exitCode } = await microLinux([
      'quickstart',
      '--profile',
      'bookworm',
      '--artifacts',
      join(scratch, 'artifacts'),
    ]);
    expect(exitCode, stderr).toBe(0);
    // Standard output is a pipe: the password stays in its file.
    const credentials = join(scratch, 'artifacts/credentials.txt');
    const password = /^password: (\S+)$/m.exec(await readFile(credentials, 'utf8'))?.[1];
    expect(password).toMatch(/^\S{20,}$/);
    expect(stdout + stderr).not.toContain(password);
    expect(stdout).toContain(`the new password is in ${await realpath(credentials)}`);
    const disk = join(scratch, 'artifacts/micro-linux-bookworm.qcow2');
    expect((await stat(disk)).mode & 0o777).toBe(0o600);
    expect(stdout).toContain('Debian GNU/Linux 12');
    expect(stderr).toContain('./micro-linux vm --ssh');
  });
});
