import { expect, test } from 'vitest';
import { judgeUserName } from './user-name.ts';

test.each(['ada', '_ada', 'a-b_c9', 'x'.repeat(32)])('%s can be a user', (name) => {
  expect(judgeUserName(name)).toBeUndefined();
});

test.each(['', 'Ada', '9a', '-a', 'a.b', 'a b', 'ä', 'x'.repeat(33)])('%j is no name', (name) => {
  expect(judgeUserName(name)?.problem).toContain('is not a user name');
});

test.each(['root', 'sudo', 'users', 'systemd-network', 'admin', 'netplan', 'Debian-exim', 'mysql'])(
  '%s belongs to the system',
  (name) => {
    expect(judgeUserName(name)?.problem).toMatch(/belongs to|keeps for/);
  },
);
