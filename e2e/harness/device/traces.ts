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

/** Leaves on a device what users and administrators leave. */
export async function leaveTraces(device: Device): Promise<void> {
  const { exitCode, stderr } = await device.root(LEAVE_TRACES);
  expect(exitCode, stderr).toBe(0);
}

/** What is the device's own, and {@link leaveTraces} left: to be compared later. */
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
