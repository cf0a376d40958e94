import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readProcess } from '@micro-linux/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OWNER_VARIABLE, ownerName, ownOwner } from '../src/system/temporary/owner.ts';
import { bootableDisk, hang, printSerial } from '../src/vm/boot-sector.ts';
import { qemuMissing } from '../src/vm/qemu-missing.testdata.ts';

/** Signals at random moments per command: set MICRO_LINUX_CANCEL_ROUNDS for more. */
const ROUNDS = Number(process.env['MICRO_LINUX_CANCEL_ROUNDS'] ?? 1);

const BIN = resolve(import.meta.dirname, '../src/bin.ts');
const STUBBORN = resolve(import.meta.dirname, 'stubborn.testdata.ts');

let directory: string;
let temporary: string;
let mirror: string;
let server: Server;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cancel-'));
  temporary = join(directory, 'tmp');
  // An archive that accepts connections and never answers.
  server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  mirror = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/debian`;
  // qemu-img and sfdisk need a while to reject it.
  await writeFile(join(directory, 'disk.raw'), '');
  await truncate(join(directory, 'disk.raw'), 64 * 1024 * 1024);
});
afterAll(async () => {
  server.close();
  await rm(directory, { recursive: true });
});
beforeEach(async () => {
  await mkdir(temporary, { recursive: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly owner: string;
  /** Resolves with its status or signal, and its standard error. */
  readonly ended: Promise<{ readonly how: number | string; readonly stderr: string }>;
}

function begin(file: string, ...args: string[]): Started {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: directory,
    env: { ...process.env, TMPDIR: temporary, XDG_CACHE_HOME: join(directory, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    stderr += bytes;
  });
  const pid = child.pid ?? 0;
  const owner = ownerName({
    ...ownOwner(),
    pid,
    startTime: Number(readProcess(pid)?.startTime),
  });
  const ended = once(child, 'close').then(([status, signal]) => ({
    how: status ?? signal,
    stderr,
  }));
  return { child, owner, ended };
}

/** The programs that a command started and that still run. */
async function leftRunning(owner: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return text.split('\0').includes(`${OWNER_VARIABLE}=${owner}`) ? [pid] : [];
    }),
  );
  return found.flat();
}

async function nothingLeft(owner: string): Promise<void> {
  expect(await leftRunning(owner)).toEqual([]);
  expect(await readdir(temporary)).toEqual([]);
}

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', (signal) => {
  test('cancels waiting for an archive and for programs', async () => {
    const started = begin(BIN, 'doctor', '--profile', 'bookworm', '--mirror', mirror);
    await once(server, 'connection');
    started.child.kill(signal);
    const { how, stderr } = await started.ended;
    expect({ how, stderr }).toMatchObject({
      how: 130,
      stderr: expect.stringContaining(`error[cancelled]: cancelled by ${signal}`),
    });
    await nothingLeft(started.owner);
  });
});

describe.skipIf(qemuMissing() !== undefined)('a running machine', () => {
  const flags = ['--accel', 'tcg', '--user', 'u', '--identity', 'key', '--artifacts', 'artifacts'];
  test.each([
    ['vm', ['vm', 'guest.img', '--ssh', 'true', ...flags]],
    ['test', ['test', 'guest.img', '--firmware', 'bios', ...flags]],
  ])('ends with %s', async (_verb, command) => {
    await writeFile(join(directory, 'guest.img'), bootableDisk(printSerial('up'), hang()));
    const started = begin(BIN, ...command);
    const log = join(directory, 'artifacts/logs');
    const said = async () => {
      const names = await readdir(log).catch(() => []);
      const texts = await Promise.all(names.map((name) => readFile(join(log, name), 'utf8')));
      return texts.join('');
    };
    await expect.poll(said).toContain('up');
    started.child.kill('SIGTERM');
    expect(await started.ended).toMatchObject({
      how: 130,
      stderr: expect.stringContaining('error[cancelled]'),
    });
    await nothingLeft(started.owner);
    await rm(log, { recursive: true });
  });
});

test('a second signal ends everything at once, and leaves no program running', async () => {
  const started = begin(STUBBORN);
  if (started.child.stdout) {
    await once(started.child.stdout, 'data');
  }
  expect((await leftRunning(started.owner)).length).toBeGreaterThanOrEqual(3);
  started.child.kill('SIGTERM');
  if (started.child.stderr) {
    await once(started.child.stderr, 'data');
  }
  started.child.kill('SIGTERM');
  expect(await started.ended).toMatchObject({ how: 130 });
  await nothingLeft(started.owner);
});

test('the next run removes what SIGKILL left', async () => {
  const started = begin(BIN, 'doctor', '--profile', 'bookworm', '--mirror', mirror);
  await once(server, 'connection');
  started.child.kill('SIGKILL');
  await started.ended;
  const leftover = join(temporary, `micro-linux-${started.owner}-aB3dEf`);
  await mkdir(leftover);
  await begin(BIN, 'inspect', 'disk.raw').ended;
  await nothingLeft(started.owner);
});

const COMMANDS: readonly (readonly string[])[] = [
  ['inspect', 'disk.raw'],
  ['keygen', 'keys/new.pem'],
  ['setup-host', '--dry-run'],
  ['seed', '--artifacts', 'seeds'],
  ['doctor', '--profile', 'bookworm'],
];

describe('at a random moment', () => {
  const rounds = COMMANDS.flatMap((command) => Array.from({ length: ROUNDS }, () => command));
  test.concurrent.each(rounds.map((command) => [command.join(' '), command]))(
    '%s ends, and leaves nothing',
    async (_line, command) => {
      const started = begin(
        BIN,
        ...command,
        ...(command[0] === 'doctor' ? ['--mirror', mirror] : []),
      );
      await new Promise((after) => setTimeout(after, Math.random() * 2000));
      started.child.kill('SIGTERM');
      const { how, stderr } = await started.ended;
      // Done already, cancelled, or before its signal handler.
      expect([0, 1, 130, 'SIGTERM'], stderr).toContain(how);
      expect(stderr).not.toMatch(/internal|bug|\n {4}at /);
      expect(await leftRunning(started.owner)).toEqual([]);
      const left = (await readdir(temporary)).filter((name) => name.includes(started.owner));
      expect(left).toEqual([]);
    },
  );
});
