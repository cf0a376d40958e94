import { renderError, toMicroLinuxError } from '@micro-linux/core';
import { HASHES, KEYS } from '@micro-linux/provision/testing';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addConfigOptions, configFlags } from './flags.ts';
import { loadConfig } from './load.ts';

function load(text: string, ...argv: string[]) {
  const command = addConfigOptions(new Command());
  command.parse(argv, { from: 'user' });
  return loadConfig({ text, env: {}, flags: configFlags(command.opts()) });
}

const refusal = (text: string, ...argv: string[]) =>
  load(text, ...argv).then(
    () => 'taken',
    (error: unknown) => renderError(toMicroLinuxError(error)),
  );

test('the flags of the installer set its keys', async () => {
  const { install } = await load(
    'install: {disk: {size: smallest, ssd: true}, lateCommands: [logger done]}',
    ...['--install-size', 'largest', '--install-serial', 'S4*', '--install-ssd', 'false'],
    ...['--install-shutdown', 'poweroff', '--preserve-data'],
  );
  expect(install).toMatchObject({
    disk: { size: 'largest', serial: 'S4*', ssd: false },
    preserveData: true,
    shutdown: 'poweroff',
    lateCommands: ['logger done'],
  });
});

test('with --no-password, only keys can log in', async () => {
  const { user } = await load('', '--no-password', '--ssh-key', KEYS[0]);
  expect(user).toMatchObject({ password: { kind: 'disabled' }, sshKeys: [KEYS[0]] });
  expect(await refusal('', '--no-password')).toContain('nobody could log in');
  expect(await refusal('', '--no-password', '--password-hash', HASHES[0])).toContain(
    'is set by flag --password-hash too',
  );
});

test('reports each error with what to write instead', async () => {
  expect(await refusal('', '--install-ssd', 'yes')).toContain(
    'flag --install-ssd: install.disk.ssd: must be true or false, not text\n  try: write --install-ssd true',
  );
  expect(await refusal('install:\n  disk: {path: /dev/disk/by-id/x}')).toContain(
    'micro-linux.yaml:2:16: install.disk.path: "/dev/disk/by-id/x" is a link of udev\'s',
  );
});

test('refuses a disk pattern with a backward range, with its position', async () => {
  expect(await refusal('install:\n  disk:\n    serial: "S4[z-a]"')).toContain(
    'micro-linux.yaml:3:13: install.disk.serial: "S4[z-a]" has the range "z-a", which runs backwards and matches nothing\n  try: write the lower end first: [a-z]',
  );
  expect(await refusal('install: {disk: {path: "/dev/sd[c-a]"}}')).toContain('"c-a"');
});

test('a command is never shown: it may contain a password', async () => {
  const told = await Promise.all([
    refusal('install: {lateCommands: [["", hunter2]]}'),
    refusal('install: {lateCommands: ["echo hunter2 \\e"]}'),
    refusal('install: {lateCommands: [{echo: hunter2}]}'),
  ]);
  for (const text of told) {
    expect(text).toContain('install.lateCommands[0]');
    expect(text).not.toContain('hunter2');
  }
});
