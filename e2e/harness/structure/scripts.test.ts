import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  BOOT_VARIABLES,
  DevicePath,
  EnvVariable,
  EspPath,
  MarkedBlock,
  SLOTS,
  SlotPath,
} from '@micro-linux/core';
import { DATA_ON_ERROR, DATA_ROOT_PERCENT, defaultConfig } from '@micro-linux/provision';
import { INITIAL_DIRECTORY } from 'micro-linux/steps/own-files/place-files';
import { realSystem } from 'ota-agent/system/real-system';
import { describe, expect, it } from 'vitest';
import { REPOSITORY, repositoryFiles } from '../docs/repository-files.ts';

/** Scripts repeat what TypeScript defines: nothing else notices when one of the two changes. */
const OVERLAY = 'packages/builder/rootfs-overlay';
const SCRIPTS = repositoryFiles().filter(
  (file) => file.startsWith(`${OVERLAY}/`) || file.startsWith('systemd/'),
);
const INITRAMFS = `${OVERLAY}/usr/share/initramfs-tools/scripts`;
const PREPARE_STATE = `${OVERLAY}/usr/lib/micro-linux/prepare-state`;

const read = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');

/** Every match of `pattern` (its group) in the scripts, with a file that has it. */
function found(pattern: RegExp): Map<string, string> {
  return new Map(
    SCRIPTS.flatMap((file) =>
      [...read(file).matchAll(pattern)].map(([, text = '']) => [text, file] as const),
    ),
  );
}

describe('paths in scripts', () => {
  const { paths } = realSystem();
  const known = new Set([
    ...[SlotPath, DevicePath, paths].flatMap((group) => Object.values(group).flat()),
    // What the overlay and systemd/scripts install.
    ...SCRIPTS.filter((file) => file.startsWith(OVERLAY)).map((file) => file.slice(OVERLAY.length)),
    ...SCRIPTS.filter((file) => file.startsWith('systemd/scripts/')).map(
      (file) => `/usr/lib/micro-linux/${basename(file)}`,
    ),
    INITIAL_DIRECTORY,
    // The folder of DevicePath.bootInfo, and what only scripts write and read there.
    '/run/micro-linux',
    '/run/micro-linux/root',
    '/run/micro-linux/backstop.pid',
    '/run/micro-linux-usr.XXXXXX',
    // The agent's program, its Node and its state that the initramfs reads on the data partition.
    '/usr/lib/ota-agent/node',
    '/usr/lib/ota-agent/ota-agent.mjs',
    `/data${paths.state}/trial-deadline`,
  ]);

  it('are those that TypeScript defines', () => {
    const used = found(
      /(?<![\w.-])(\/(?:run|usr\/lib|data\/var\/lib|var\/lib)\/(?:micro-linux|ota-agent)[\w./-]*)/g,
    );
    expect(used.size).toBeGreaterThan(15);
    expect([...used].filter(([path]) => !known.has(path.replace(/[./]+$/, '')))).toEqual([]);
  });

  it('the ESP and the data partition are mounted where the agent looks', () => {
    const text = read(PREPARE_STATE);
    expect(text).toContain(DevicePath.esp);
    expect(text).toMatch(new RegExp(`^data="?[^\\n]*${DevicePath.data}"?$`, 'm'));
  });
});

it('the words that scripts read from the kernel command line are written by GRUB', () => {
  const words = found(/\bmicro_linux\.(\w+)/g);
  expect(words.size).toBeGreaterThan(3);
  const writers = repositoryFiles()
    .filter((file) => /^packages\/builder\/src\/steps\/(?:grub|iso)\/.*(?<!\.test)\.ts$/.test(file))
    .map(read)
    .join('\n');
  expect([...words].filter(([word]) => !writers.includes(`micro_linux.${word}=`))).toEqual([]);
});

it('prepare-state gives the data partition what the builder and the installer give it', () => {
  const text = read(PREPARE_STATE);
  expect([...text.matchAll(/\btune2fs -m (\d+) /g)].map(([, percent]) => Number(percent))).toEqual([
    DATA_ROOT_PERCENT,
  ]);
  expect([...text.matchAll(/\berrors=([a-z-]+)"/g)].map(([, action]) => action)).toEqual([
    DATA_ON_ERROR,
  ]);
});

it('a missing device does not delay a boot until its trial ends', () => {
  const text = read('systemd/config/system.conf.d/10-micro-linux.conf');
  const [, minutes] = /^DefaultDeviceTimeoutSec=(\d+)min$/m.exec(text) ?? [];
  expect(Number(minutes) * 60).toBeLessThan(defaultConfig().trial.deadlineSeconds);
});

describe('the initramfs', () => {
  const top = read(`${INITRAMFS}/local-top/micro-linux`);
  const bottom = read(`${INITRAMFS}/local-bottom/micro-linux`);

  it('reads the environment blocks that GRUB and the agent write', () => {
    const blocks = [...top.matchAll(/"\$1(\/grub\/[\w.]+)"/g)].map(([, path]) => path);
    expect(blocks).toEqual([EspPath.env, EspPath.envCopy]);
    const [, words = ''] = /^\s*(none(?: \| [\w.]+:\*)+)\)/m.exec(top) ?? [];
    expect(words.split(' | ')).toEqual([
      'none',
      ...Object.values(MarkedBlock).map((block) => `${block}:*`),
    ]);
    const names = [...top.matchAll(/'(\w+)=\[(\w+)\]'/g)].map(([, ...match]) => match);
    expect(names).toEqual([[EnvVariable.savedEntry, SLOTS.join('')]]);
    const marks = [...top.matchAll(/"(\w+)=\$mark"/g)].map(([, name = '']) => name);
    expect(marks).not.toEqual([]);
    expect(BOOT_VARIABLES).toEqual(expect.arrayContaining(marks));
  });

  it('gives a trial the time that the agent gives it by default', () => {
    const scripts = [bottom, read('systemd/scripts/trial-deadline')];
    const defaults = scripts.map((text) => [...text.matchAll(/\bdeadline=(\d+) ;;/g)]);
    const { deadlineSeconds } = defaultConfig().trial;
    expect(defaults.map((found) => found.map(([, seconds]) => Number(seconds)))).toEqual([
      [deadlineSeconds],
      [deadlineSeconds],
    ]);
  });

  it('ends a trial by itself after the times in the guide, later than the agent', () => {
    const guide = read('docs/guides/health.md').replace(/\s+/g, ' ');
    const [, extra] = /the initramfs \| deadline \+ (\d+) s,/.exec(guide) ?? [];
    const [, minutes] =
      /Until the backstop can read the deadline .*?, it allows (\d+) minutes/.exec(guide) ?? [];
    expect([...bottom.matchAll(/^backstop (.*)$/gm)].map(([, time]) => time)).toEqual([
      String(Number(minutes) * 60),
      `"$((deadline + ${extra}))"`,
    ]);
    const { deadlineSeconds } = defaultConfig().trial;
    expect(Number(minutes) * 60).toBeGreaterThan(deadlineSeconds + Number(extra));
  });

  it('writes the fields of boot.json that grow-data reads', () => {
    const written = [...bottom.matchAll(/"(\w+)":"%s"/g)].map(([, name]) => name);
    const used = [...read('systemd/scripts/grow-data').matchAll(/\$\(field (\w+)\)/g)];
    expect(used.length).toBeGreaterThan(1);
    expect(written).toEqual(expect.arrayContaining(used.map(([, name]) => name)));
  });
});
