import { expect, test } from 'vitest';
import { complaints } from './complaints.ts';

test('each failed unit is reported once', () => {
  const text = `[  OK  ] Started cron.service
[FAILED] Failed to start ssh.service - OpenBSD Secure Shell server.
See 'systemctl status ssh.service' for details.
[FAILED] Failed to start ssh.service - OpenBSD Secure Shell server.
[DEPEND] Dependency failed for boot-efi.mount
`;
  expect(complaints(text)).toEqual([
    'console: [FAILED] Failed to start ssh.service - OpenBSD Secure Shell server.',
    'console: [DEPEND] Dependency failed for boot-efi.mount',
  ]);
});
