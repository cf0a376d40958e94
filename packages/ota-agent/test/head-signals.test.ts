import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { encodeHead, type Manifest } from '@micro-linux/update-image';
import { CHUNK_BYTES, manifestFor, signaturesBy } from '@micro-linux/update-image/testing';
import { encodeManifest, generateKeyPair } from '@micro-linux/update-image/write';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApplyDevice, applyDevice } from '../src/apply/apply-device.testdata.ts';
import type { ProcessDevice } from './agent-process.testdata.ts';

const AGENT = join(import.meta.dirname, 'agent-process.testdata.ts');
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** Number of signals for each source of a head. */
const RUNS = Number(process.env['SIGNAL_RUNS'] ?? 2);
/** Number of runs after which at least one signal should have arrived in time. */
const FAR_RUNS = 50;
/** Time in milliseconds to read and verify a 16 MiB head on a quiet machine, with a margin. */
const SPAN_MS = 300;
const CHUNKS = 95_000;

let folder: string;
let publicPem: string;
/** A head of 16 MiB without chunks after it. */
const heads: { signed: string; unsigned: string } = { signed: '', unsigned: '' };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'head-signals-'));
  const keys = generateKeyPair();
  publicPem = keys.publicPem;
  const manifestBytes = encodeManifest(longManifest());
  expect(manifestBytes.length).toBeGreaterThan(15 * 2 ** 20);
  const signedHead = (privatePem: string) =>
    encodeHead({ manifestBytes, signatures: signaturesBy(manifestBytes, [privatePem]) });
  heads.signed = join(folder, 'signed.img');
  heads.unsigned = join(folder, 'unsigned.img');
  writeFileSync(heads.signed, signedHead(keys.privatePem));
  writeFileSync(heads.unsigned, signedHead(generateKeyPair().privatePem));
});
afterAll(() => rmSync(folder, { recursive: true }));

function longManifest(): Manifest {
  const sha256 = createHash('sha256').digest('hex');
  return manifestFor({
    bytes: CHUNKS * CHUNK_BYTES,
    sha256,
    chunkBytes: CHUNK_BYTES,
    chunks: Array.from({ length: CHUNKS }, () => ({ sha256, frameBytes: 20, frameSha256: sha256 })),
  });
}

describe('a signal while a head of 16 MiB is read', () => {
  it.each(['signed', 'unsigned'] as const)('stops the read from a file, %s', async (kind) => {
    await signalled((device) => start(device, heads[kind]));
  });

  it('stops the read from a fast pipe', async () => {
    await signalled((device) => {
      const child = start(device, '-');
      child.stdin?.end(readFileSync(heads.signed));
      return child;
    });
  });

  it('stops the read from an endless pipe', async () => {
    await signalled(
      (device) => {
        const child = start(device, '-');
        void dribble(child, readFileSync(heads.signed).subarray(0, -1000));
        return child;
      },
      [130],
    );
  });
});

/** Writes in small pieces, and never ends. */
async function dribble(child: ChildProcess, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length && child.exitCode === null; at += 64 * 1024) {
    child.stdin?.write(bytes.subarray(at, at + 64 * 1024));
    await setTimeout(1);
  }
}

/**
 * Sends one signal to each run at a random moment, and checks that it stops the run before anything
 * is written.
 *
 * @param accepted exit codes: the signal may arrive after the verdict.
 */
async function signalled(
  run: (device: ApplyDevice) => ChildProcess,
  accepted: readonly number[] = [130, 1, 5],
): Promise<void> {
  const device = applyDevice();
  device.trust(publicPem);
  const before = contentOf(device);
  const codes: number[] = [];
  // On a fast machine every signal may arrive after the verdict: then more are sent, immediately.
  for (let index = 0; index < RUNS || (!codes.includes(130) && index < FAR_RUNS); index += 1) {
    const child = run(device);
    // Registered now, as the process may end before the signal.
    const closed = once(child, 'close');
    // The agent may be gone before it has read everything.
    child.stdin?.on('error', () => undefined);
    let printed = '';
    child.stdout?.on('data', (text) => {
      printed += text;
    });
    await untilReading(child);
    if (index < RUNS) {
      await setTimeout(Math.random() * SPAN_MS);
    }
    child.kill(SIGNALS[index % SIGNALS.length]);
    const [code] = await closed;
    const { ok, exitCode } = JSON.parse(printed);
    expect(ok).toBe(false);
    expect(accepted, printed).toContain(exitCode);
    // null: the signal arrived while the process was ending, after its last output.
    expect([exitCode, null]).toContain(code);
    if (code === 130) {
      expect(JSON.parse(printed).code).toBe('cancelled');
    }
    codes.push(code);
    expect(contentOf(device), `after ${code}`).toBe(before);
  }
  // Otherwise all signals arrived too late and tested nothing.
  expect(codes).toContain(130);
}

function start({ system }: ApplyDevice, source: string): ChildProcess {
  const device: ProcessDevice = {
    paths: system.paths,
    slots: { A: system.slotDevice('A'), B: system.slotDevice('B') },
  };
  return spawn(process.execPath, [
    AGENT,
    JSON.stringify(device),
    ...['apply', source, '--json', '--progress=json'],
  ]);
}

/** Waits until the agent reports that it begins to read the head; continues to read its output. */
async function untilReading(child: ChildProcess): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (piece) => {
      text += piece;
      if (text.includes('"step":"head"')) {
        resolve();
      }
    });
    child.once('close', () => reject(new Error(`it ended before it read anything: ${text}`)));
  });
}

/** Digest of everything that an apply may change: slots, ESP and state. */
function contentOf({ system }: ApplyDevice): string {
  const { esp, state } = system.paths;
  const digest = createHash('sha256');
  for (const root of [esp, state, system.slotDevice('A'), system.slotDevice('B')]) {
    const names = statSync(root, { throwIfNoEntry: false })?.isDirectory()
      ? readdirSync(root, { recursive: true, encoding: 'utf8' })
          .sort()
          .map((name) => join(root, name))
      : [root];
    for (const name of names) {
      const stat = statSync(name, { throwIfNoEntry: false });
      digest.update(`${name}\n${stat?.mode}\n`);
      digest.update(stat?.isFile() ? readFileSync(name) : '');
    }
  }
  return digest.digest('hex');
}
