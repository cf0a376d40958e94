import type { Choice } from '../harness/device/device.ts';
import type { SlotImage } from '../harness/device/slot-image.ts';

/** An update that must not stay, and how its rollback shows. */
export interface Broken {
  readonly title: string;
  /** Changes a copy of 2.0.0's slot, before it is made an update and signed. */
  readonly change: (slot: SlotImage) => Promise<void>;
  /** GRUB's choices from the first boot after the update on. */
  readonly choices: readonly Choice[];
  /** The reason in `ota-agent status`. */
  readonly reason: RegExp;
}

/** GRUB starts it, it fails, GRUB starts the confirmed slot. */
const TRIED: readonly Choice[] = ['B trial', 'A confirmed'];
const HEALTH = '/usr/lib/ota-agent/health.d';

/** By the name of the update on the media disk. */
export const BROKEN = {
  'kernel-missing': {
    title: 'kernel missing',
    change: async (slot) => {
      const config = await slot.read('/boot/slot.cfg');
      // The agent sees a kernel where all images have it; GRUB looks elsewhere.
      await slot.write('/boot/slot.cfg', config.replace('/boot/vmlinuz', '/boot/no-such-kernel'));
    },
    choices: TRIED,
    reason: /GRUB could not load it/,
  },
  'kernel-corrupt': {
    title: 'kernel corrupt',
    change: async (slot) => slot.corrupt(await target(slot, '/boot/vmlinuz')),
    choices: TRIED,
    reason: /GRUB could not load it/,
  },
  'initrd-corrupt': {
    title: 'initrd corrupt',
    change: async (slot) => slot.corrupt(await target(slot, '/boot/initrd.img')),
    choices: TRIED,
    // GRUB finds out where it has a checksum module (BIOS); else the kernel has no root.
    reason: /GRUB could not load it|stopped before it could log anything/,
  },
  'kernel-panics': {
    title: 'kernel panics',
    change: (slot) =>
      slot.addService('story-panic', [
        '[Unit]',
        'DefaultDependencies=no',
        'After=systemd-journald.socket',
        '[Service]',
        "ExecStart=/bin/sh -c 'echo c >/proc/sysrq-trigger'",
      ]),
    choices: TRIED,
    reason: /panic|stopped|died/i,
  },
  // UEFI only: a PC's BIOS stores nothing for a kernel that crashes.
  'kernel-dies': {
    title: 'the kernel crashes late, and stores its last messages in the firmware',
    change: (slot) =>
      slot.addService('story-dies', [
        '[Unit]',
        'After=basic.target modprobe@efi_pstore.service',
        'Wants=modprobe@efi_pstore.service',
        '[Service]',
        "ExecStart=/bin/sh -c 'echo c >/proc/sysrq-trigger'",
      ]),
    choices: TRIED,
    reason: /the kernel died: Kernel panic - not syncing: sysrq/,
  },
  'init-missing': {
    title: 'init missing',
    change: (slot) => slot.remove('/usr/sbin/init', '/usr/lib/systemd/systemd'),
    choices: TRIED,
    reason: /stopped before it could log anything/,
  },
  'init-frozen': {
    title: 'userspace hangs, and the watchdog restarts the machine',
    change: (slot) =>
      slot.addService('story-freeze', [
        '[Unit]',
        'After=micro-linux-watchdog.service',
        '[Service]',
        "ExecStart=/bin/sh -c 'sleep 5; kill -SEGV 1; sleep 1000'",
      ]),
    choices: TRIED,
    // Health checks that query systemd at that moment get no answer, and become the reason.
    reason: /watchdog|stopped and logged nothing|freez|crash|systemctl did not end/i,
  },
  'unit-hangs': {
    title: 'a unit never becomes ready, and the deadline ends the trial',
    change: (slot) =>
      slot.addService('story-hang', [
        '[Unit]',
        'Before=multi-user.target',
        '[Service]',
        'Type=oneshot',
        'ExecStart=/bin/sleep infinity',
        'TimeoutStartSec=infinity',
      ]),
    choices: TRIED,
    reason: /not confirmed within \d+ s/,
  },
  'health-fails': {
    title: 'a health check fails',
    change: async (slot) => {
      await slot.makeDirectory(HEALTH);
      await slot.write(
        `${HEALTH}/50-story`,
        '#!/bin/sh\necho the pump does not answer\nexit 1\n',
        0o755,
      );
    },
    choices: TRIED,
    reason: /health checks failed.*50-story/,
  },
  'health-hangs': {
    title: 'a health check hangs',
    change: async (slot) => {
      await slot.makeDirectory(HEALTH);
      await slot.write(`${HEALTH}/50-story`, '#!/bin/sh\nexec sleep infinity\n', 0o755);
    },
    choices: TRIED,
    reason: /health checks failed.*50-story/,
  },
  'sshd-broken': {
    title: 'sshd is broken, but the system boots',
    change: (slot) => slot.remove('/usr/sbin/sshd'),
    choices: TRIED,
    reason: /health checks failed.*ssh/,
  },
  'agent-missing': {
    title: 'the new image has no agent',
    change: (slot) => slot.remove('/usr/bin/ota-agent', '/usr/lib/ota-agent/ota-agent.mjs'),
    choices: TRIED,
    reason: /not healthy|not confirmed/,
  },
} as const satisfies Readonly<Record<string, Broken>>;

export type BrokenName = keyof typeof BROKEN;

/** The target of a link in /boot: debugfs follows no links. */
async function target(slot: SlotImage, link: string): Promise<string> {
  return `/boot/${await slot.linkTarget(link)}`;
}
