import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run, start } from '@micro-linux/core';
import { readCredentials } from 'micro-linux/vm/credentials';
import { type FirmwareKind, prepareFirmware } from 'micro-linux/vm/firmware';
import { type Machine, startMachine } from 'micro-linux/vm/machine';
import type { QemuDisk } from 'micro-linux/vm/qemu-arguments';
import { createSsh, type Ssh } from 'micro-linux/vm/ssh';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ROOT } from '../../harness/cli/micro-linux.ts';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { editPartition } from '../../harness/device/edit-partition.ts';
import { UP } from '../../harness/device/up.ts';
import { type Installer, makeInstaller } from '../../harness/installer/make-installer.ts';

const skipped = await whySkipped('two disks of one build');

/**
 * Milliseconds. A boot may take as long as it goes on saying something: on a busy host without KVM
 * nobody knows how long that is.
 */
const FAR = 3 * 3_600_000;
const PATIENT = { timeoutMs: FAR, silentMs: 15 * 60_000 } as const;
vi.setConfig({ testTimeout: FAR });

const FIRMWARE: readonly FirmwareKind[] = ['bios', 'uefi'];

type Bus = QemuDisk['bus'];

/** A machine with two disks: which one its firmware starts, and what Linux calls them. */
interface Place {
  readonly where: string;
  /** In the order of the machine's slots. */
  readonly disks: readonly { readonly role: 'right' | 'copy'; readonly bus: Bus }[];
  readonly right: string;
  readonly copy: string;
}

const PLACES: readonly Place[] = [
  {
    where: 'the last disk',
    disks: [
      { role: 'right', bus: 'virtio' },
      { role: 'copy', bus: 'virtio' },
    ],
    right: 'vda',
    copy: 'vdb',
  },
  {
    where: 'the first disk',
    disks: [
      { role: 'copy', bus: 'virtio' },
      { role: 'right', bus: 'virtio' },
    ],
    right: 'vdb',
    copy: 'vda',
  },
  {
    where: 'a USB stick',
    disks: [
      { role: 'right', bus: 'virtio' },
      { role: 'copy', bus: 'usb' },
    ],
    right: 'vda',
    copy: 'sda',
  },
  {
    where: 'an NVMe drive, and the right one a USB disk',
    disks: [
      { role: 'copy', bus: 'nvme' },
      { role: 'right', bus: 'usb' },
    ],
    right: 'sda',
    copy: 'nvme0n1',
  },
];

describe.skipIf(skipped !== undefined)('two disks with the same partitions', () => {
  let scratch: string;
  let installer: Installer;
  beforeAll(async () => {
    scratch = await makeScratch('wrong-disk');
    installer = await makeInstaller(join(scratch, 'installer'), {}, { qcow2: true });
  });
  afterAll(() => removeScratch(scratch));

  describe.each(FIRMWARE)('by %s', (firmware) => {
    it.each(PLACES)(
      'the copy is $where: root, data and ESP are of the disk that was started',
      async ({ where, disks, right, copy }) => {
        await withMachine(
          { name: `${firmware}-${where}`, firmware, disks },
          async ({ machine, login }) => {
            await machine.waitFor(UP, PATIENT);
            expect
              .soft(machine.console.text)
              .toContain(`another disk has the same partitions: /dev/${copy} `);
            await isOn(await login(), right, copy);
          },
        );
      },
    );
  });

  it('does the same after a healthy boot', async () => {
    const disks = PLACES[1]?.disks ?? [];
    await withMachine({ name: 'twice', firmware: 'bios', disks }, async ({ machine, login }) => {
      await machine.waitFor(UP, PATIENT);
      const first = await login();
      await isOn(first, 'vdb', 'vda');
      await first.runAsRoot('systemctl reboot', { timeoutMs: FAR, okExitCodes: [0, 255] });
      await first.hangUp();
      await machine.waitFor(/micro-linux: slot A \(confirmed\)/, PATIENT);
      await machine.waitFor(UP, PATIENT);
      await isOn(await login(), 'vdb', 'vda');
    });
  });

  it('a disk with the same GUIDs and other content does not take over the root', async () => {
    const other = join(scratch, 'other.qcow2');
    await run('qemu-img', ['convert', '-O', 'qcow2', installer.qcow2, other]);
    await editPartition(other, 'rootA', [
      'rm /usr/lib/micro-linux/prepare-state',
      'rm /boot/vmlinuz',
    ]);
    const disks = [
      { role: 'copy', bus: 'virtio' },
      { role: 'right', bus: 'virtio' },
    ] as const;
    await withMachine(
      { name: 'other', firmware: 'bios', disks, copy: other },
      async ({ machine, login }) => {
        await machine.waitFor(UP, PATIENT);
        await isOn(await login(), 'vdb', 'vda');
      },
    );
  });

  it('restarts, and says what to unplug, when the disk that was started is missing', async () => {
    const disks = [
      { role: 'copy', bus: 'virtio' },
      { role: 'right', bus: 'usb' },
    ] as const;
    await withMachine({ name: 'gone', firmware: 'bios', disks }, async ({ machine }) => {
      // GRUB has read kernel and initrd; then somebody pulls the stick.
      await machine.waitFor(/Linux version/, { ...PATIENT, failures: [] });
      await machine.qmp.execute('device_del', { id: await usbDevice(machine) });
      await machine.waitFor(/the disk that GRUB started from is missing/, {
        ...PATIENT,
        failures: [],
      });
      await machine.waitFor(/unplug the disks that this machine should not start from/, {
        ...PATIENT,
        failures: [],
      });
    });
  });

  /** QEMU's name of the only USB device. */
  async function usbDevice({ qmp }: Machine): Promise<string> {
    const path = '/machine/peripheral-anon';
    const devices = (await qmp.execute('qom-list', { path })) as readonly {
      readonly name: string;
      readonly type: string;
    }[];
    const name = devices.find(({ type }) => type === 'child<usb-storage>')?.name;
    return `${path}/${name}`;
  }

  /** The disk that the system reports as its own, and the other disk in `status`. */
  async function isOn(ssh: Ssh, right: string, copy: string): Promise<void> {
    const says = async (command: string) =>
      (await ssh.runAsRoot(command, { timeoutMs: FAR })).stdout.trim();
    const partition = (disk: string, number: number) =>
      `/dev/${disk}${/\d$/.test(disk) ? 'p' : ''}${number}`;
    const part = (number: number) => partition(right, number);
    for (const [point, number] of [
      ['/', 2],
      ['/data', 4],
      ['/boot/efi', 1],
    ] as const) {
      // Not findmnt's SOURCE: the kernel's own numbers.
      const name = `basename "$(readlink -f /sys/dev/block/$(findmnt -no MAJ:MIN ${point} | tail -n 1 | tr -d ' '))"`;
      expect.soft(`/dev/${await says(name)}`, point).toBe(part(number));
    }
    expect.soft(JSON.parse(await says('cat /run/micro-linux/boot.json'))).toMatchObject({
      slot: 'A',
      disk: `/dev/${right}`,
      root: part(2),
      esp: part(1),
      data: part(4),
    });
    await says('systemctl is-system-running --wait || true');
    expect.soft(JSON.parse(await says('ota-agent status --json'))).toMatchObject({
      twins: [`/dev/${copy}`],
      bootSuccess: true,
      problems: [],
    });
    expect.soft(await says('ota-agent status')).toContain(`/dev/${copy} has the same partitions`);
    // The data partition of the copy was never mounted.
    const superblock = await says(`dumpe2fs -h ${partition(copy, 4)} 2>/dev/null`);
    expect.soft(superblock).toMatch(/^Mount count: +0$/m);
  }

  interface Setting {
    readonly name: string;
    readonly firmware: FirmwareKind;
    readonly disks: Place['disks'];
    /** qcow2 of the other disk; the same image by default. */
    readonly copy?: string;
  }

  interface Running {
    readonly machine: Machine;
    login(): Promise<Ssh>;
  }

  async function withMachine(setting: Setting, story: (running: Running) => Promise<void>) {
    const directory = await mkdtemp(join(scratch, 'm-'));
    const logs = join(ROOT, 'artifacts/logs');
    await mkdir(logs, { recursive: true });
    const logFile = join(logs, `wrong-disk-${setting.name.replaceAll(/\W+/g, '-')}.log`);
    await rm(logFile, { force: true });
    const disks: QemuDisk[] = [];
    for (const { role, bus } of setting.disks) {
      const path = join(directory, `${role}.qcow2`);
      const backing = role === 'copy' ? (setting.copy ?? installer.qcow2) : installer.qcow2;
      await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', backing, '-F', 'qcow2', path]);
      disks.push({ path, format: 'qcow2', bus, bootIndex: role === 'right' ? 0 : 1 });
    }
    const machine = await startMachine({
      directory,
      firmware: await prepareFirmware(setting.firmware, directory),
      accelerator: 'tcg',
      memoryMib: 1024,
      cpus: 1,
      disks,
      network: { forwards: [{ hostPort: 0, guestPort: 22 }] },
      watchdog: false,
      noReboot: false,
      display: 'none',
      serial: { logFile },
    });
    let ssh: Ssh | undefined;
    try {
      await story({
        machine,
        async login() {
          const port = await machine.forwardedPort(22);
          const { user, password } = await readCredentials(
            join(installer.artifacts, 'credentials.txt'),
          );
          const login = { user, password, identity: installer.identity };
          ssh = await createSsh({ port, login, directory, run, start });
          await ssh.ready({ timeoutMs: FAR });
          await ssh.stayConnected({ timeoutMs: FAR });
          return ssh;
        },
      });
    } finally {
      await ssh?.hangUp();
      await machine.kill();
      await rm(directory, { recursive: true, force: true });
    }
  }
});
