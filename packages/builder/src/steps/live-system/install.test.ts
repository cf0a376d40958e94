import { rm } from 'node:fs/promises';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { liveFile } from './live-file.ts';
import {
  canMount,
  MOUNTED_TARGET,
  type StagedMedium,
  stageMedium,
} from './staged-medium.testdata.ts';

const mounts = await canMount();
if (!mounts) {
  console.warn('SKIPPED: what runs in the live system: no mount namespace can be made here');
}

let stage: StagedMedium;
beforeEach(async () => {
  stage = await stageMedium();
});
afterEach(() => rm(stage.directory, { recursive: true }));

const install = (words: string) => `sh "$work/cdrom/micro-linux/install" ${words}`;
const MOUNTS_NOW =
  'findmnt --raw --noheadings --output TARGET,SOURCE,OPTIONS | grep "^$work/target"';

describe.skipIf(!mounts)('late', () => {
  test('leaves /target, lets the agent make its disk, and mounts slot A there, read-only', async () => {
    const { directory } = stage;
    const result = await stage.run(install('late'), { afterwards: `${MOUNTS_NOW} || :` });
    expect(result).toMatchObject({ exitCode: 0 });
    const call = await stage.agentCall();
    expect(call?.args).toEqual([
      `${directory}/cdrom/micro-linux/ota-agent.mjs`,
      'install',
      ...['--medium', `${directory}/cdrom`, '--keys', `${directory}/cdrom/micro-linux/keys`],
      ...['--disk', '/dev/vdz', '--no-commands', '--no-shutdown'],
    ]);
    expect(call?.mounts).toEqual([]);
    const left = result.stdout.trim().split('\n');
    expect(left).toEqual([expect.stringMatching(/^\S+\/target \/dev\/vdz2 ro,/)]);
  });

  test("passes nothing of the snap's environment to the agent", async () => {
    await stage.run(install('late'));
    const { environment = [] } = (await stage.agentCall()) ?? {};
    const names = environment.map((text) => text.split('=')[0]);
    // PWD is set by the sh that replaces Node here.
    expect(names.sort()).toEqual(['HOME', 'LC_ALL', 'PATH', 'PWD', 'TERM']);
    expect(environment).toContain('PATH=/usr/sbin:/usr/bin:/sbin:/bin');
  });

  test('runs from a medium mounted noexec', async () => {
    const setUp = `${MOUNTED_TARGET}
cp -r "$work/cdrom" "$work/copy"
mount -t tmpfs -o noexec tmpfs "$work/cdrom"
cp -r "$work/copy/." "$work/cdrom"
`;
    const { exitCode } = await stage.run(install('late'), { setUp });
    expect(exitCode).toBe(0);
    expect((await stage.agentCall())?.node).toMatch(/^\/tmp\/micro-linux\.\w+\/node$/);
  });

  test('fails if the agent fails, says so, and mounts nothing', async () => {
    const result = await stage.run(install('late'), {
      status: 3,
      afterwards: `${MOUNTS_NOW} || :`,
    });
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain('/dev/vdz is not installed and does not boot');
  });

  test.each([
    { what: 'nothing is mounted', options: { setUp: '' }, said: 'nothing is mounted at' },
    { what: 'it is not a partition', options: { type: 'lvm' }, said: 'is not a partition' },
    {
      what: 'somebody works in it',
      options: {
        setUp: `${MOUNTED_TARGET}
(cd "$work/target" && exec sleep 20) >/dev/null 2>&1 &
sleeper=$!
until readlink "/proc/$sleeper/cwd" | grep -q target; do sleep 0.05; done
`,
        afterwards: 'kill "$sleeper"',
      },
      said: 'is in use: nothing was written over /dev/vdz',
    },
  ])('stops before the agent runs: $what', async ({ options, said }) => {
    const { exitCode, stderr } = await stage.run(install('late'), options);
    expect(stderr).toContain(said);
    expect(exitCode).toBe(1);
    expect(await stage.agentCall()).toBeUndefined();
  });
});

describe.skipIf(!mounts)('early', () => {
  test("runs the agent's checks, and writes nothing", async () => {
    const { exitCode } = await stage.run(install('early'), { setUp: '' });
    expect(exitCode).toBe(0);
    expect((await stage.agentCall())?.args.slice(1)).toEqual([
      'install',
      ...['--medium', `${stage.directory}/cdrom`],
      ...['--keys', `${stage.directory}/cdrom/micro-linux/keys`],
      '--check',
    ]);
  });

  test('a failed check ends the installation', async () => {
    const { exitCode, stderr } = await stage.run(install('early'), { setUp: '', status: 5 });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('nothing was written');
  });
});

test.each(['', 'late-commands', '--help'])('refuses any other argument: %j', async (words) => {
  const args = [liveFile('install'), ...(words === '' ? [] : [words])];
  const { exitCode, stderr } = await run('sh', args, { okExitCodes: [1] });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: 'micro-linux: usage: sh install early|late\n',
  });
});
