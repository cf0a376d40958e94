import { MicroLinuxError } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { explainMmdebstrap } from './explain-mmdebstrap.ts';

function failed(stderr: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'tool-failed',
    message: 'mmdebstrap ended with status 25',
    why: 'command: mmdebstrap …',
    details: { command: 'mmdebstrap …' },
    cause: new Error(stderr),
  });
}

describe('explainMmdebstrap', () => {
  it.each([
    ['E: Unable to locate package frobnicate', 'package-unknown', /frobnicate/],
    ["E: Package 'vim-gone' has no installation candidate", 'package-unknown', /vim-gone/],
    ['W: GPG error: … NO_PUBKEY 871920D1991BC93C', 'keyring-wrong', /not signed by a key/],
    ['tar: rootfs.tar: Cannot write: No space left on device', 'disk-full', /disk space/],
    ['E: Failed to fetch http://mirror.example/a.deb  Hash Sum mismatch', 'mirror-broken', /index/],
    [
      'E: Failed to fetch http://mirror.example/a.deb  Connection refused',
      'archive-unreachable',
      /./,
    ],
  ])('says what “%s” means', (stderr, code, message) => {
    const explained = explainMmdebstrap(failed(stderr));
    expect(explained).toMatchObject({ code });
    expect((explained as MicroLinuxError).why).not.toContain('command:');
    expect((explained as MicroLinuxError).message).toMatch(message);
    expect((explained as MicroLinuxError).hint).toBeTruthy();
  });

  it('leaves an unknown error unchanged', () => {
    const cancelled = new MicroLinuxError({ code: 'cancelled', message: 'stop' });
    expect(explainMmdebstrap(cancelled)).toBe(cancelled);
  });

  it('for an unknown failure, prints only the errors and the path of the log', () => {
    const unknown = new MicroLinuxError({
      code: 'tool-failed',
      message: 'mmdebstrap ended with status 25',
      why: `command: mmdebstrap ${'x'.repeat(6000)}\nits last lines:\nI: cleaning\nfull log: /a/build.log`,
      details: { command: 'x'.repeat(6000), log: '/a/build.log' },
      cause: new Error('I: fine\nE: something new\nI: cleaning'),
    });
    expect(explainMmdebstrap(unknown)).toMatchObject({
      code: 'tool-failed',
      why: 'E: something new\nfull log: /a/build.log',
      details: { log: '/a/build.log' },
    });
  });
});
