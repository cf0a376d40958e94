import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microLinux, microLinuxJson } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';

const skipped = await whySkipped('keys only, static network');

/** QEMU's user network (docs/guides/vm.md): the one address a static config can be tried with. */
const NETWORK = [
  '--network',
  'static',
  '--interface',
  'enp0s2',
  '--address',
  '10.0.2.15',
  '--prefix',
  '24',
  '--gateway',
  '10.0.2.2',
  '--dns',
  '10.0.2.3',
];

describe.skipIf(skipped !== undefined)('an image with ssh keys only and a static network', () => {
  let scratch: string;
  let artifacts: string;

  beforeAll(async () => {
    scratch = await makeScratch('keys');
    artifacts = join(scratch, 'artifacts');
    const key = join(scratch, 'id');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const public_ = await readFile(`${key}.pub`, 'utf8');
    await microLinuxJson([
      ...['build', '--no-iso'],
      '--profile',
      'bookworm',
      '--artifacts',
      artifacts,
      '--hostname',
      'gateway-7',
      '--user',
      'ops',
      '--password-policy',
      'disabled',
      '--ssh-key',
      public_.trim(),
      ...NETWORK,
    ]);
  });
  afterAll(() => removeScratch(scratch));

  it('has no password', async () => {
    await expect(stat(join(artifacts, 'credentials.txt'))).rejects.toThrow(/ENOENT/);
  });

  it('accepts the key, offers no password login, and has its static address', async () => {
    const { stdout, stderr, exitCode } = await microLinux([
      'vm',
      '--artifacts',
      artifacts,
      '--user',
      'ops',
      '--identity',
      join(scratch, 'id'),
      '--ssh',
      [
        'hostname',
        'ip -4 -o address show scope global',
        'networkctl --no-pager status 2>/dev/null | grep -i -A1 dns; cat /run/systemd/resolve/resolv.conf',
        'sudo -n sshd -T | grep -i ^passwordauthentication',
        'sudo -n grep ^ops: /etc/shadow',
        'ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o PreferredAuthentications=password localhost true 2>&1 || true',
      ].join('; '),
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('gateway-7');
    expect(stdout).toMatch(/inet 10\.0\.2\.15\/24 .*scope global (?!dynamic)/);
    expect(stdout).toContain('nameserver 10.0.2.3');
    expect(stdout).toMatch(/passwordauthentication no/i);
    expect(stdout).toMatch(/^ops:!:/m);
    expect(stdout).toContain('Permission denied (publickey)');
  });
});
