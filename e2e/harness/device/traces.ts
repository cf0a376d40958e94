import { expect } from 'vitest';
import type { Device } from './device.ts';

const LEAVE_TRACES = [
  'echo kept >/home/micro/kept',
  'chown micro: /home/micro/kept',
  'echo kept >/root/kept',
  'mkdir -p /var/lib/story',
  'echo kept >/var/lib/story/kept',
  'echo story-name >/etc/hostname',
  'echo 127.0.1.1 story-name >>/etc/hosts',
  "useradd --create-home --password '*' mallory",
  'sync',
].join(' && ');

/** Leaves the traces of users and administrators on a device. */
export async function leaveTraces(device: Device): Promise<void> {
  const { exitCode, stderr } = await device.root(LEAVE_TRACES);
  expect(exitCode, stderr).toBe(0);
}

/** The device's own state and the traces of {@link leaveTraces}, for a later comparison. */
export async function identity(device: Device): Promise<string> {
  const { stdout, stderr } = await device.root(
    [
      'cat /etc/machine-id /etc/hostname /etc/hosts /root/kept /var/lib/story/kept',
      'cat /etc/ssh/ssh_host_*_key.pub /etc/systemd/network/*',
      'grep -e ^micro: -e ^mallory: /etc/passwd /etc/shadow',
      'ls -ln /home/micro/kept /home',
    ].join('; '),
  );
  expect(stderr).toBe('');
  return stdout;
}
