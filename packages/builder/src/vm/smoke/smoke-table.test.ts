import { expect, test } from 'vitest';
import { renderSmoke } from './smoke-table.ts';

test('has a column for each firmware, and the failures below', () => {
  const check = { id: 'network', title: 'network is up' };
  const text = renderSmoke({
    ok: false,
    image: '/a/micro-linux-noble.qcow2',
    accelerator: 'tcg',
    runs: [
      {
        firmware: 'bios',
        accelerator: 'tcg',
        ok: true,
        secondsToLogin: 31,
        consoleLog: '/a/logs/bios.log',
        checks: [
          { id: 'login-prompt', title: 'login prompt appears', status: 'pass', note: '31 s' },
          { ...check, status: 'pass', note: '' },
        ],
      },
      {
        firmware: 'uefi',
        accelerator: 'tcg',
        ok: false,
        consoleLog: '/a/logs/uefi.log',
        checks: [
          {
            id: 'login-prompt',
            title: 'login prompt appears',
            status: 'fail',
            note: 'the machine had a kernel panic\nits last lines',
          },
          { ...check, status: 'skip', note: '' },
        ],
      },
    ],
  });
  expect(text).toMatchInlineSnapshot(`
    "check                 bios     uefi
    login prompt appears  ok 31 s  FAIL
    network is up         ok       -

    uefi: login prompt appears: FAILED
      the machine had a kernel panic
      its last lines
      console: /a/logs/uefi.log"
  `);
});
