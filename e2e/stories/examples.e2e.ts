import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { loadConfigFile } from 'micro-linux/config/load';
import { exampleNames } from 'micro-linux/jobs/init/examples';
import { profileOf } from 'micro-linux/profiles/index';
import { askApt } from 'micro-linux/steps/rootfs/ask-apt';
import { judgePackages } from 'micro-linux/steps/rootfs/judge-packages';
import { rootfsPlan } from 'micro-linux/steps/rootfs/rootfs-plan';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { debugfs } from '../harness/cli/debugfs.ts';
import { microLinuxJson } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';

const skipped = await whySkipped('the examples');

/** Whole builds and boots of each are in the matrix; here is what fits into the time of CI. */
describe.skipIf(skipped !== undefined)('a project that begins with an example', () => {
  let scratch: string;
  const project = (example: string) => join(scratch, example);

  beforeAll(async () => {
    scratch = await makeScratch('examples');
    for (const example of exampleNames()) {
      await microLinuxJson(['init', example, '--example', example], { cwd: scratch });
    }
    await run(join(project('gateway'), 'build-app.sh'), []);
  });
  afterAll(() => removeScratch(scratch));

  it.each(exampleNames())('%s has a plan for bookworm, down to the signed update', async (name) => {
    const args = ['build', '--dry-run', '--artifacts', join(scratch, 'none')];
    const { steps } = await microLinuxJson(args, { cwd: project(name) });
    const ids = (steps as readonly { readonly id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['rootfs', 'slot', 'update', 'iso']));
  });

  // The gateway is built below. The others would take minutes: apt's answer takes seconds. They have
  // no archives or .deb files of their own, which would have to be in `facts`.
  it.each(exampleNames().filter((name) => name !== 'gateway'))(
    '%s names only packages that bookworm can install together',
    async (name) => {
      const { config, whereIs } = await loadConfigFile({ cwd: project(name), env: {}, flags: [] });
      const profile = profileOf(config.profile);
      const facts = { keyring: profile.keyring, repositories: [], local: [] };
      const plan = rootfsPlan(config, profile, facts);
      const unwanted = config.packages.remove;
      const workDirectory = join(scratch, `ask-${name}`);
      await mkdir(workDirectory);
      const context = { run, signal: new AbortController().signal, workDirectory };
      const answer = await askApt({ plan, unwanted, logins: undefined }, context);
      expect(judgePackages(answer, { unwanted, whereIs })).toBeUndefined();
      expect(answer.possible).toBe(true);
    },
  );

  it('the gateway has a plan for noble', async () => {
    // A stand-in for Ubuntu's keyring, which not every host has; nothing is fetched.
    const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
    const args = ['build', '--dry-run', '--variant', 'noble', '--keyring', keyring];
    const plan = await microLinuxJson([...args, '--artifacts', join(scratch, 'none')], {
      cwd: project('gateway'),
    });
    expect(JSON.stringify(plan['steps'])).toMatch(/universe/);
  });

  it('the gateway builds on bookworm, with its own package and what that needs', async () => {
    const args = ['rootfs', '--artifacts', join(scratch, 'artifacts')];
    const { image } = await microLinuxJson(args, { cwd: project('gateway') });
    const of = (path: string) => debugfs(String(image), `stat ${path}`);
    for (const path of ['/usr/sbin/nginx', '/usr/bin/node', '/usr/lib/gateway/server.mjs']) {
      expect(await of(path), path).toContain('Type: regular');
    }
    const wants = '/etc/systemd/system/multi-user.target.wants/gateway.service';
    expect(await of(wants)).toContain('Type: symlink');
  });
});
