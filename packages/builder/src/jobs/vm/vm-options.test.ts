import { expect, test } from 'vitest';
import { collectForward, forwardsOf } from './vm-options.ts';

test('--forward adds up, after the port for ssh', () => {
  const forward = collectForward('8080:80', collectForward('8443:443'));
  expect(forwardsOf({ forward }, 2222)).toEqual([
    { hostPort: 2222, guestPort: 22 },
    { hostPort: 8443, guestPort: 443 },
    { hostPort: 8080, guestPort: 80 },
  ]);
  expect(forwardsOf({}, undefined)).toEqual([]);
});
