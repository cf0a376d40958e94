import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MicroLinuxError, type Runner, type RunOptions, start } from '@micro-linux/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { awaitSshd } from './await-sshd.ts';
import { createSsh, type SshOptions } from './ssh.ts';
import { sshArguments } from './ssh-arguments.ts';

const PASSWORD = 'correct horse';

let directory: string;
let server: Server | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(directory, { recursive: true, force: true });
});

interface Call {
  readonly args: readonly string[];
  readonly options: RunOptions;
}

/** A fake ssh that exits with a status and records its calls. */
function fakeSsh(exitCode: number, stderr = ''): { calls: Call[]; options: SshOptions } {
  const calls: Call[] = [];
  const run: Runner = async (_file, args, options = {}) => {
    calls.push({ args, options });
    if (!(options.okExitCodes ?? [0]).includes(exitCode)) {
      throw new MicroLinuxError({ code: 'tool-failed', message: `status ${exitCode}` });
    }
    return { stdout: '', stderr, exitCode };
  };
  const login = { user: 'micro', password: PASSWORD };
  return { calls, options: { port: 2222, login, directory, run, start } };
}

test('the password is in no argument and no variable', async () => {
  const { calls, options } = fakeSsh(0);
  const ssh = await createSsh(options);
  await ssh.run('true', {});
  await ssh.runAsRoot('true', {});
  const seen = calls.map(({ args, options: { env } }) => JSON.stringify({ args, env })).join();
  expect(seen).not.toContain(PASSWORD);
  expect(calls[1]?.options.input).toBe(`${PASSWORD}\n`);
});

test('a command for root keeps its quotes, and cannot read the password', async () => {
  const { calls, options } = fakeSsh(0);
  await (await createSsh(options)).runAsRoot(`echo 'a b'`, {});
  expect(calls[0]?.args.at(-1)).toBe(
    `sudo -k -S -p '' sh -c 'exec </dev/null\necho '\\''a b'\\'''`,
  );
});

test("ssh's own status is a failed login, with ssh's message", async () => {
  const { options } = fakeSsh(255, 'micro@127.0.0.1: Permission denied (publickey,password).\n');
  await expect((await createSsh(options)).run('true', {})).rejects.toMatchObject({
    code: 'ssh-failed',
    why: expect.stringContaining('Permission denied'),
  });
});

test('a remote status is returned only if it is not a failure', async () => {
  const ssh = await createSsh(fakeSsh(3).options);
  await expect(ssh.run('exit 3', {})).rejects.toMatchObject({ code: 'tool-failed' });
  await expect(ssh.run('exit 3', { okExitCodes: [0, 3] })).resolves.toMatchObject({ exitCode: 3 });
});

test('only the named key is tried: no agent, no config, no other key of the user', () => {
  const address = { host: '127.0.0.1', port: 2222, knownHosts: '/vm/known hosts' };
  const args = sshArguments(address, { user: 'micro', identity: '/keys/id' }, false);
  expect(args.join(' ')).toMatchInlineSnapshot(
    `"-F none -p 2222 -l micro -T -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile="/vm/known hosts" -o GlobalKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=300 -o ServerAliveInterval=30 -o ServerAliveCountMax=10 -o IdentityAgent=none -o IdentitiesOnly=yes -i /keys/id -o PreferredAuthentications=publickey -o BatchMode=yes 127.0.0.1"`,
  );
});

/** A server that handles its first connections as given, and further ones like the last. */
async function serverWith(...handlers: ((socket: Socket) => void)[]): Promise<number> {
  let connections = 0;
  const listening = createServer((socket) => {
    socket.on('error', () => {});
    handlers[Math.min(connections, handlers.length - 1)]?.(socket);
    connections += 1;
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('sshd is ready once it sends its banner, after any number of dropped connections', async () => {
  const cut = (socket: Socket) => void socket.destroy();
  const banner = (socket: Socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n');
  const port = await serverWith(cut, cut, banner);
  await awaitSshd({ host: '127.0.0.1', port, timeoutMs: 600_000 });
});

test('a port that never answers is a timeout', async () => {
  const port = await serverWith(() => {});
  await expect(awaitSshd({ host: '127.0.0.1', port, timeoutMs: 200 })).rejects.toMatchObject({
    code: 'ssh-unreachable',
  });
});

test('aborting ends the wait', async () => {
  const port = await serverWith(() => {});
  const controller = new AbortController();
  const wait = awaitSshd({
    host: '127.0.0.1',
    port,
    timeoutMs: 600_000,
    signal: controller.signal,
  });
  controller.abort();
  await expect(wait).rejects.toMatchObject({ code: 'cancelled' });
});
