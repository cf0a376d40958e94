import { checkHostname, checkLocale, checkUserName } from '@micro-linux/provision';
import { expect, test } from 'vitest';
import { checkConsole } from './console-name.ts';
import { checkFilePath } from './file-path.ts';
import { checkImageVersion } from './image-version.ts';
import { checkKernelArgument } from './kernel-arguments.ts';
import { checkPackageName } from './package-name.ts';
import { checkProductId } from './product-id.ts';
import { checkPrunePath } from './prune-path.ts';
import { checkTimezone } from './timezone.ts';

const CASES = [
  {
    check: checkHostname,
    good: ['a', 'micro-linux', 'Node-7', 'node.example', '9', 'a'.repeat(63)],
    bad: ['', 'a_b', '-a', 'a-', 'a..b', 'a.', '192.0.2.1', 'ä', 'a b', 'a'.repeat(64), 'a\n'],
  },
  {
    check: checkImageVersion,
    good: ['0.1.0', '1.2.3', '10.20.30', '1.2.3-rc.1', '1.2.3-20260101'],
    bad: [
      '',
      '1',
      '1.2',
      '1.2.3.4',
      'v1.2.3',
      '01.2.3',
      '1.2.3-',
      '1.2.3+build',
      '1.2.3 ',
      '1.2.3\n',
      '1.0.0-01',
      '1234567890.0.0',
    ],
  },
  {
    check: checkProductId,
    good: ['micro-linux-x86_64', 'a', '9.x'],
    bad: ['', 'A', '-a', 'a b', 'a/b', 'a\n', 'a'.repeat(129)],
  },
  {
    check: checkPackageName,
    good: ['curl', 'g++', 'libstdc++6', 'linux-image-6.8.0-31-generic', '0ad'],
    bad: [
      '',
      'a',
      'Curl',
      '-curl',
      'vim-',
      'curl=1.0',
      'curl:amd64',
      'curl/noble',
      'a b',
      'a_b',
      'curl\n',
    ],
  },
  {
    check: checkUserName,
    good: ['micro', 'administrator', 'a-b_9'],
    bad: [
      '',
      'root',
      'www-data',
      'sudo',
      'admin',
      'netplan',
      'systemd-network',
      '_apt',
      '9a',
      'Micro',
      'a.b',
      'a'.repeat(33),
    ],
  },
  {
    check: checkKernelArgument,
    good: [
      'quiet',
      'mitigations=off',
      'ttyS0',
      'i915.modeset=0',
      'memmap=64M!4G',
      'rootwait',
      'rw_hint=1',
    ],
    bad: [
      '',
      'root=/dev/sda',
      'ro',
      'rw',
      'root',
      'console=tty0',
      'a b',
      'a\nb',
      'a$b',
      'a"b',
      "a'b",
      'a`b',
      'a\\b',
      'a;b',
      'a&b',
      'a|b',
      '{a}',
      'a>b',
      '#a',
      '--',
      '-a',
    ],
  },
  {
    check: checkConsole,
    good: ['tty0', 'ttyS0', 'ttyS0,115200', 'ttyS0,115200n8', 'ttyS0,115200n8r', 'hvc0', 'ttyAMA0'],
    bad: ['', 'tty', '/dev/tty0', 'console=tty0', 'ttyS0,fast', 'tty0 tty1', 'ttyS0,', 'tty0\n'],
  },
  {
    check: checkLocale,
    good: ['C.UTF-8', 'de_DE.UTF-8', 'ast_ES.UTF-8'],
    bad: [
      '',
      'C',
      'POSIX',
      'de',
      'de_DE',
      'de_DE.utf8',
      'de_DE.ISO-8859-1',
      'DE_de.UTF-8',
      'C.UTF-8\n',
    ],
  },
  {
    check: checkTimezone,
    good: [
      'Etc/UTC',
      'UTC',
      'Europe/Berlin',
      'Asia/Kolkata',
      'Europe/Kyiv',
      'America/Argentina/Ushuaia',
    ],
    bad: [
      '',
      'utc',
      'Berlin',
      'europe/berlin',
      'EUROPE/BERLIN',
      'ASIA/KOLKATA',
      'Mars/Olympus',
      '+01:00',
      '../etc/passwd',
      'Europe/Berlin\n',
    ],
  },
  {
    check: checkPrunePath,
    good: ['/usr/share/doc', '/usr/share/fonts/*', '/usr/lib/**/test', '/opt/a..b'],
    bad: ['', 'usr', '/', '//', '/*', '/**', '/*/*', '/usr/../etc', '/..', '/usr/./x', '/a\nb'],
  },
  {
    check: checkFilePath('a keyring file'),
    good: ['a.gpg', '/keys/a.gpg', '../a.gpg'],
    bad: ['', '~/a.gpg', 'a\0b'],
  },
];

for (const { check, good, bad } of CASES) {
  test.each(good)(`${check.name} takes %j`, (text) => {
    expect(check(text)).toBeUndefined();
  });
  test.each(bad)(`${check.name} refuses %j and says what to write`, (text) => {
    expect(check(text)?.fix).toMatch(/^(?:write|leave|did you mean) ?/);
  });
}

test.each([
  [checkTimezone, 'Berlin', 'did you mean Europe/Berlin?'],
  [checkTimezone, 'europe/berlin', 'did you mean Europe/Berlin?'],
  [checkTimezone, 'Europe/Brelin', 'did you mean Europe/Berlin?'],
  [checkLocale, 'de-de', 'write de_DE.UTF-8'],
  [checkLocale, 'C', 'write C.UTF-8'],
  [checkConsole, '/dev/ttyS0,9600', 'write ttyS0,9600'],
  [checkPackageName, 'curl=8.5', 'write curl alone'],
])('%o answers %j with %j', (check, text, fix) => {
  expect(check(text)?.fix).toContain(fix);
});
