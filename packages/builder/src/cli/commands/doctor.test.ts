import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../cli.ts';
import { outputProblem } from '../json/outputs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function doctor(...argv: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await runCli({
    argv: ['doctor', '--json', ...argv],
    streams: { stdout, stderr: Object.assign(stderr, { isTTY: false }) as never },
    // Without programs, no slow check runs, and the host cannot build.
    env: { PATH: folder, TMPDIR: folder, XDG_CACHE_HOME: folder },
    cwd: folder,
    root: folder,
    version: '0',
    interactive: false,
    signal: new AbortController().signal,
  });
  const said = String(stderr.read() ?? '');
  const output = JSON.parse(String(stdout.read())) as object;
  expect(outputProblem('doctor', output, exitCode)).toBeUndefined();
  return { exitCode, said, ...output };
}

test('checks what micro-linux.yaml describes, and says ok:false if it cannot be built', async () => {
  const file = join(folder, 'micro-linux.yaml');
  await writeFile(file, 'profile: trixie\nmirror: file:///no/such/debian\nkeyring: mine.gpg\n');
  const result = await doctor();
  expect(result).toMatchObject({
    ...{ exitCode: 1, ok: false, code: 'host-cannot-build', message: expect.any(String) },
    ...{ canBuild: false, profile: 'trixie', config: file },
    findings: expect.arrayContaining([
      expect.objectContaining({
        id: 'archive',
        severity: 'error',
        what: expect.stringContaining('file:///no/such/debian'),
      }),
      expect.objectContaining({
        id: 'keyring',
        what: expect.stringContaining(join(folder, 'mine.gpg')),
      }),
    ]),
  });
  expect(result.said).toContain('config: micro-linux.yaml');
  // Flags win.
  expect(await doctor('--profile', 'bookworm')).toMatchObject({ profile: 'bookworm' });
});

test('reports an invalid config first', async () => {
  await writeFile(join(folder, 'micro-linux.yaml'), 'profil: trixie\n');
  expect(await doctor()).toMatchObject({ exitCode: 2, code: 'config-invalid' });
  await rm(join(folder, 'micro-linux.yaml'));
  await writeFile(join(folder, 'micro-linux.yml'), 'profile: trixie\n');
  expect(await doctor()).toMatchObject({ exitCode: 2, code: 'config-misnamed' });
});
