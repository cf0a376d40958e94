import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MicroLinuxError, type Runner, run } from '@micro-linux/core';
import { HASHES } from '@micro-linux/provision/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { makeAutoinstall } from '../make/autoinstall.ts';
import { seedTexts } from '../make/seed-files.ts';
import { checkByCloudInit, complaintFindings, readComplaints } from './cloud-init.ts';
import { lintSeed } from './lint-seed.ts';

const signal = new AbortController().signal;

/** What `cloud-init schema --config-file FILE` of 25.1 printed for a file with these mistakes. */
const PRINTED = `Invalid user-data /x/user-data
Error: Cloud config schema errors: identity: Additional properties are not allowed ('identity' was unexpected), packages: 3 is not of type 'array', users.0.lock_passwd: 'hunter2' is not of type 'boolean', users.0.passwd: 5 is not of type 'string'

Error: Invalid schema: user-data

`;
const FILE = `#cloud-config
autoinstall:
  version: 1
identity: {a: 1}
packages: 3
users:
  - name: a
    passwd: 5
    lock_passwd: "hunter2"
`;

test('its messages get the lines of the file, without the values', () => {
  const { origins } = lintSeed(FILE, { file: 'user-data', installer: 'subiquity' });
  const findings = complaintFindings(
    { state: 'checked', complaints: readComplaints(PRINTED) },
    origins,
  );
  expect(findings.map(({ line, path, problem }) => `${line} ${path}: ${problem}`)).toEqual([
    "4 identity: cloud-init says: Additional properties are not allowed ('identity' was unexpected)",
    "5 packages: cloud-init says: the value is not of type 'array'",
    "9 users[0].lock_passwd: cloud-init says: the value is not of type 'boolean'",
    "8 users[0].passwd: cloud-init says: the value is not of type 'string'",
  ]);
});

test.each([
  [
    'Invalid user-data /x/a\nError: Cloud config schema errors: format-l1.c1: Unrecognized user-data header in /x/a: "hunter2:".\nExpected first line to be one of: #!, #cloud-config\n\nError: Invalid schema: user-data\n',
    { line: 1, column: 1 },
    'Unrecognized user-data header',
  ],
  [
    'Error: Cloud config schema errors: format-l3.c5: File /x/a is not valid YAML. while parsing a block mapping\nexpected <block end>, but found \':\'\n  in "<unicode string>", line 3, column 5:\n      - : hunter2: [\n        ^\n\nError: Invalid schema: user-data\n',
    { line: 3, column: 5 },
    'File is not valid YAML. while parsing a block mapping',
  ],
  [
    // 22.4 breaks its lines elsewhere.
    'Cloud config schema deprecations: \nError:\nCloud config schema errors: format-l1.c1: File /x/a needs to begin with "#cloud-config"\n',
    { line: 1, column: 1 },
    'File needs to begin with "#cloud-config"',
  ],
])('a complaint about the file as a whole keeps its own place: %j', (printed, place, problem) => {
  expect(readComplaints(printed)).toEqual([
    { path: [], problem: `cloud-init says: ${problem}`, place },
  ]);
});

test('if it is not installed, says so and reports no error', async () => {
  const absent: Runner = () =>
    Promise.reject(new MicroLinuxError({ code: 'tool-missing', message: 'x' }));
  expect(await checkByCloudInit('x', absent, signal)).toEqual({ state: 'absent', complaints: [] });
});

test('an internal failure is not an error of the seed', async () => {
  const broken: Runner = () =>
    run('sh', ['-c', 'echo "ModuleNotFoundError: No module" >&2; exit 1']);
  expect(await checkByCloudInit('x', broken, signal)).toEqual({ state: 'broken', complaints: [] });
});

const installed = (() => {
  try {
    execFileSync('cloud-init', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('SKIPPED: seeds are not shown to cloud-init itself: it is not installed');
    return false;
  }
})();

describe.skipIf(!installed)('cloud-init itself', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cloud-init-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function check(text: string) {
    const file = join(directory, 'user-data');
    await writeFile(file, text);
    return await checkByCloudInit(file, run, signal);
  }

  test('accepts what we write', async () => {
    const config = await loadConfig({ text: '', env: {}, flags: [] });
    const texts = seedTexts(makeAutoinstall(config, HASHES[0]), 'i-1');
    expect(await check(texts['user-data'])).toEqual({ state: 'checked', complaints: [] });
  });

  test('reports errors in a form we can parse', async () => {
    const { state, complaints } = await check(FILE);
    expect(state).toBe('checked');
    expect(complaints.map(({ path }) => path[0])).toContain('packages');
    expect(JSON.stringify(complaints)).not.toContain('hunter2');
  });
});
