import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MicroLinuxError } from '@micro-linux/core';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { loadConfigFile } from '../config/load.ts';
import { productOf } from '../product/index.ts';
import { profileOf } from '../profiles/index.ts';
import { keyOfEntries, namedFiles } from './named-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'named-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

const CONFIG = 'profile: bookworm\nfirewall: fw.nft\nagent: {health: {scripts: [check.sh]}}\n';

async function gather(text = CONFIG) {
  const { config, whereIs } = await loadConfigFile({
    text,
    env: {},
    flags: [],
    cwd: folder,
  });
  const product = productOf(config, profileOf(config.profile));
  return { ...product, digests: await namedFiles(product.files, whereIs) };
}

async function refusal(): Promise<string> {
  return gather().then(
    () => '',
    (error: MicroLinuxError) => [error.code, error.message, error.why, error.hint].join('\n'),
  );
}

test('a missing file is reported with the line that names it', async () => {
  await writeFile(join(folder, 'check.sh'), '#!/bin/sh\n');
  expect(await refusal()).toMatch(
    /^named-file\nmicro-linux\.yaml:2:11: firewall: .*does not exist/,
  );
});

test.each([
  ['exit 0\n', 'neither a script with #! nor a program'],
  ['', 'neither a script with #! nor a program'],
  ['#!bin/sh\n', 'neither a script with #! nor a program'],
  ['#!/bin/sh\r\n', 'ends its lines as Windows does'],
  ['#!/usr/bin/env python3\n', ''],
  ['\u007fELF…', ''],
])('a health check %j', async (content, problem) => {
  await writeFile(join(folder, 'fw.nft'), 'flush ruleset\n');
  await writeFile(join(folder, 'check.sh'), content);
  expect(await refusal()).toContain(problem);
});

test('a ruleset without rules is refused', async () => {
  await writeFile(join(folder, 'check.sh'), '#!/bin/sh\n');
  await writeFile(join(folder, 'fw.nft'), '#!/usr/sbin/nft -f\n\n# flush ruleset\n');
  expect(await refusal()).toContain('has no rules');
});

test('what a file contains is part of the key, not where it is', async () => {
  await writeFile(join(folder, 'check.sh'), '#!/bin/sh\n');
  await writeFile(join(folder, 'fw.nft'), 'flush ruleset\n');
  const first = await gather();
  const key = (given: typeof first) => JSON.stringify(keyOfEntries(given.entries, given.digests));
  expect(key(first)).not.toContain(folder);
  await writeFile(join(folder, 'fw.nft'), 'flush ruleset\ntable inet a {}\n');
  expect(key(await gather())).not.toBe(key(first));
});
