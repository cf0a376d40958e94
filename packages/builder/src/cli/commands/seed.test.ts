import { mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { HASHES, KEYS } from '@micro-linux/provision/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCli } from '../../cli.ts';
import { outputProblem } from '../json/outputs.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'seed-command-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Runs one command line in an empty checkout. */
async function seed(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  isTTY = false,
) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => {
    const through = new PassThrough();
    through.on('data', (chunk: Buffer) => {
      written[name] += chunk.toString();
    });
    return through;
  };
  const exitCode = await runCli({
    argv: ['seed', ...argv],
    // The CLI needs only a pipe as standard error.
    streams: {
      stdout: Object.assign(stream('stdout'), { isTTY }),
      stderr: stream('stderr') as PassThrough & NodeJS.WriteStream,
    },
    env: { TMPDIR: tmpdir(), ...env },
    cwd: root,
    root,
    version: '0',
    interactive: false,
    signal: new AbortController().signal,
  });
  if (argv.includes('--json')) {
    expect(outputProblem('seed', JSON.parse(written.stdout), exitCode)).toBeUndefined();
  }
  return { exitCode, ...written };
}

const artifact = (name: string) => readFile(join(root, 'artifacts', name), 'utf8');

async function seedFile(): Promise<Record<string, Record<string, unknown>>> {
  return parse(await artifact('autoinstall/user-data'))['autoinstall'];
}

describe('making a seed', () => {
  test('shows the new password once on a terminal, stores it for the owner, and writes only its hash', async () => {
    const { exitCode, stdout } = await seed([], {}, true);
    expect(exitCode).toBe(0);
    const password = /password \(shown once\): (\S+)/.exec(stdout)?.[1] ?? 'none';
    expect(await artifact('credentials.txt')).toContain(`user: micro\npassword: ${password}\n`);
    expect((await stat(join(root, 'artifacts/credentials.txt'))).mode & 0o777).toBe(0o600);
    const id = /build: (\S+)/.exec(await artifact('credentials.txt'))?.[1];
    expect(parse(await artifact('autoinstall/meta-data'))).toEqual({
      'instance-id': `micro-linux-${id}`,
    });
    for (const file of await readdir(join(root, 'artifacts/autoinstall'))) {
      expect(await artifact(`autoinstall/${file}`)).not.toContain(password);
    }
    expect((await seedFile())['identity']?.['password']).toMatch(/^\$6\$/);
  });

  test.each([[[]], [['--json']]])(
    'names only the file of the password in a pipe: %j',
    async (argv) => {
      const { stdout, stderr } = await seed(argv);
      const password = /password: (\S+)/.exec(await artifact('credentials.txt'))?.[1];
      expect(password).toMatch(/\S{20}/);
      expect(stdout + stderr).not.toContain(password);
      if (argv.length === 0) {
        const file = await realpath(join(root, 'artifacts/credentials.txt'));
        expect(stdout).toContain(`the new password is in ${file}`);
      }
    },
  );

  test('a second seed keeps the password, with another hash', async () => {
    await seed([]);
    const [credentials, first] = [await artifact('credentials.txt'), await seedFile()];
    const { stdout } = await seed([]);
    expect(stdout).not.toContain('shown once');
    expect(stdout).toContain('the password is the one in');
    expect(await artifact('credentials.txt')).toBe(credentials);
    expect((await seedFile())['identity']).not.toEqual(first['identity']);
  });

  test('network variables apply, as for a build', async () => {
    await seed(['--no-password', '--ssh-key', KEYS[0]], {
      NET_MODE: 'static',
      IFACE: 'eth0',
      ADDR: '192.0.2.10',
      PREFIX: '24',
      GATEWAY: '192.0.2.1',
      DNS: '192.0.2.53',
    });
    const { network, ssh, identity } = await seedFile();
    expect(network?.['ethernets']).toMatchObject({
      wired: {
        match: { name: 'eth0' },
        addresses: ['192.0.2.10/24'],
        routes: [{ to: 'default', via: '192.0.2.1' }],
        nameservers: { addresses: ['192.0.2.53'] },
      },
    });
    expect(ssh).toMatchObject({ 'allow-pw': false, 'authorized-keys': [KEYS[0]] });
    expect(identity?.['password']).toBe('!');
    expect(await readdir(join(root, 'artifacts'))).not.toContain('credentials.txt');
  });

  test('--json reports what was made, and no secret', async () => {
    const { stdout, stderr } = await seed(['--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      minimumDiskBytes: 4612 * 2 ** 20,
      password: 'generated',
      network: 'dhcp',
    });
    const password = /password: (\S+)/.exec(await artifact('credentials.txt'))?.[1] ?? '';
    expect(stdout + stderr).not.toContain(password);
    expect(stdout + stderr).not.toContain('$6$');
  });

  test('--dry-run shows the files without the hash, and writes nothing', async () => {
    const { exitCode, stdout } = await seed(['--dry-run', '--password-hash', HASHES[0]]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('#cloud-config\n');
    expect(stdout).toContain('password: "(hash)"');
    expect(stdout).not.toContain('$6$');
    expect(await readdir(root)).toEqual([]);
  });

  test('a seed with an error is not written, and no password is generated for it', async () => {
    const command = 'sed -i s/quiet/ds=nocloud;s=x/ /boot/grub/grub.cfg';
    await writeFile(
      join(root, 'micro-linux.yaml'),
      `install: {lateCommands: [${JSON.stringify(command)}]}`,
    );
    for (const argv of [[], ['--dry-run']]) {
      const { exitCode, stdout, stderr } = await seed(argv);
      expect(exitCode).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toContain('error[seed-refused]');
      expect(stderr).toContain('autoinstall.late-commands[1]: has ds=nocloud; without quotes');
    }
    const json = await seed(['--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      code: 'seed-refused',
      exitCode: 2,
      findings: [
        { rule: 'semicolon', path: 'autoinstall.late-commands[1]', fix: expect.any(String) },
      ],
    });
    const made = await readdir(root);
    expect(made).toEqual(['micro-linux.yaml']);
  });

  test.each(['admin', 'netplan'])('the config refuses %s, as Ubuntu does', async (name) => {
    const { exitCode, stderr } = await seed(['--user', name]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`"${name}" is a name that the installer keeps for the system`);
  });

  test('reports an error in the config with its line', async () => {
    await writeFile(join(root, 'micro-linux.yaml'), 'install:\n  shutdown: restart\n');
    const { exitCode, stderr } = await seed([]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('micro-linux.yaml:2:13: install.shutdown: "restart" is not one of');
  });
});

describe('--check', () => {
  const BAD =
    'version: 1\nuser-data: {}\nlate_commands: []\nnetwork: {version: 2, ethernets: {a: {dhcp4: true}}}\n';

  test('prints errors, then warnings, and exits with 2', async () => {
    await writeFile(join(root, 'mine.yaml'), BAD);
    const { exitCode, stdout } = await seed(['--check', 'mine.yaml']);
    expect(exitCode).toBe(2);
    expect(stdout).toBe(
      'mine.yaml:3:1: error: late_commands: is not a key of autoinstall: Subiquity silently ignores it [unknown-key]\n' +
        '  did you mean `late-commands`?\n\n' +
        'mine.yaml:4:35: warning: network.ethernets.a: delays the boot by two minutes if no cable is connected [network-wait]\n' +
        '  add optional: true\n\n' +
        'mine.yaml: 1 error, 1 warning\n',
    );
  });

  test('exits with 0 if there are only warnings', async () => {
    await writeFile(join(root, 'mine.yaml'), BAD.replace('late_', 'late-'));
    expect((await seed(['--check', 'mine.yaml'])).exitCode).toBe(0);
  });

  test('--json keeps errors and warnings apart', async () => {
    await writeFile(join(root, 'mine.yaml'), BAD);
    const { exitCode, stdout } = await seed(['--check', 'mine.yaml', '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      ok: false,
      code: 'seed-has-errors',
      message: 'mine.yaml has 1 error',
      hint: expect.any(String),
      exitCode: 2,
      file: 'mine.yaml',
      form: 'autoinstall',
      installer: 'subiquity',
      errors: [
        {
          rule: 'unknown-key',
          severity: 'error',
          path: 'late_commands',
          line: 3,
          column: 1,
          problem: 'is not a key of autoinstall: Subiquity silently ignores it',
          fix: 'did you mean `late-commands`?',
        },
      ],
      warnings: [
        {
          rule: 'network-wait',
          severity: 'warning',
          path: 'network.ethernets.a',
          line: 4,
          column: 35,
          problem: 'delays the boot by two minutes if no cable is connected',
          fix: 'add optional: true',
        },
      ],
      cloudInit: 'not-for-this',
    });
  });

  test('a made seed passes for both installers', async () => {
    await seed([]);
    for (const name of ['user-data', 'autoinstall.yaml']) {
      for (const installer of ['subiquity', 'micro-linux']) {
        const file = `artifacts/autoinstall/${name}`;
        const { exitCode, stdout } = await seed(['--check', file, '--installer', installer]);
        expect(stdout).toContain('no errors, no warnings; its partitions need a disk of 4357M');
        expect(exitCode).toBe(0);
      }
    }
  });

  test.each([
    [['--disk-size', '4G'], {}],
    [[], { SIZE_GB: '4' }],
  ])('a disk too small for it is an error: %j %j', async (argv, env) => {
    await seed([]);
    const { exitCode, stdout } = await seed(
      ['--check', 'artifacts/autoinstall/autoinstall.yaml', ...argv],
      env,
    );
    expect(exitCode).toBe(2);
    expect(stdout).toContain('needs 4357M for its partitions, and the disk has 4G');
  });

  test.each([
    [['--check', 'no-such'], 'error[seed-missing]'],
    [['--check', '.'], 'error[seed-unreadable]'],
    [['--check', 'x', '--config', 'y'], 'cannot be used with'],
    [['--check', 'x', '--hostname', 'y'], 'cannot be used with'],
    [['--check', 'x', '--no-password'], 'cannot be used with'],
    [['--check', 'x', '--installer', 'anaconda'], 'Allowed choices'],
  ])('%j is refused', async (argv, text) => {
    const { exitCode, stderr } = await seed(argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(text);
  });

  test('reports an invalid size, and a file that is not text', async () => {
    await writeFile(join(root, 'mine.yaml'), Buffer.from([0x61, 0xe4]));
    expect((await seed(['--check', 'mine.yaml'])).stdout).toContain(
      'is not text in UTF-8 [syntax]',
    );
    await writeFile(join(root, 'mine.yaml'), BAD);
    const { stderr } = await seed(['--check', 'mine.yaml', '--disk-size', '4GB']);
    expect(stderr).toContain('error[config-invalid]: flag --disk-size: "4GB" is not a size');
  });
});
