import type { DiskDriver } from '../output/disk-formats.ts';
import type { Accelerator } from './accelerator.ts';
import type { Firmware } from './firmware.ts';

/** The program that all argument lists here are for. */
export const QEMU = 'qemu-system-x86_64';

/** A disk of the machine. The first disk is the one to boot from unless `bootIndex` is set. */
export interface QemuDisk {
  readonly path: string;
  readonly format: DiskDriver;
  /** How the guest sees it: /dev/vdX, a USB stick, a CD drive (always read-only), /dev/sdX, … */
  readonly bus: 'virtio' | 'usb' | 'cdrom' | 'sata' | 'scsi' | 'nvme';
  readonly readOnly?: boolean;
  /** Position in the firmware's boot order, 0 first; undefined: not bootable. */
  readonly bootIndex?: number;
  /** As in /dev/disk/by-id of the guest; NVMe always has one. */
  readonly serial?: string;
  /** Bytes; for tests of disks with 4096-byte sectors. 512 by default. */
  readonly logicalBlockBytes?: 512 | 4096;
}

/** Where the guest's first serial port (ttyS0, 115200) goes. */
export type QemuSerial =
  /** A listening unix socket that QEMU connects to when it starts, so that no byte is lost. */
  | { readonly kind: 'socket'; readonly path: string }
  /** The terminal QEMU was started on; Ctrl-A X quits, Ctrl-A C is QEMU's own prompt. */
  | {
      readonly kind: 'terminal';
      /** The guest's output also goes to this file. */
      readonly logFile?: string;
    }
  | { readonly kind: 'none' };

export interface PortForward {
  /** Port on 127.0.0.1; 0: QEMU chooses a free one. */
  readonly hostPort: number;
  readonly guestPort: number;
}

export interface QemuOptions {
  readonly firmware: Firmware;
  readonly accelerator: Accelerator;
  readonly memoryMib: number;
  /** Processors; always one for Secure Boot without KVM. */
  readonly cpus: number;
  readonly disks: readonly QemuDisk[];
  readonly serial: QemuSerial;
  /** A listening unix socket that QEMU connects its control channel (QMP) to. */
  readonly qmpSocket?: string | undefined;
  /** User-mode network with DHCP (guest 10.0.2.15); false: no network card. */
  readonly network: { readonly forwards: readonly PortForward[] } | false;
  /** An i6300esb watchdog that resets the machine. */
  readonly watchdog: boolean;
  /** End QEMU instead of rebooting the guest. */
  readonly noReboot: boolean;
  readonly display: 'none' | 'window';
  /** Make the guest load programs at fixed addresses if that is faster, that is, without KVM. */
  readonly fixedAddresses?: boolean | undefined;
  /** Continue from this snapshot of the first disk instead of booting: see snapshot.ts. */
  readonly snapshot?: string | undefined;
  /** More arguments, after all others: devices for a single test. */
  readonly extra?: readonly string[] | undefined;
}

/**
 * The arguments of QEMU for a machine; pure. The machine has only what is listed here, without
 * QEMU's default devices and the user's config files.
 */
export function qemuArguments(options: QemuOptions): string[] {
  return [
    '-nodefaults',
    '-no-user-config',
    ...machine(options.firmware),
    ...accelerator(options.accelerator),
    '-m',
    `${options.memoryMib}M`,
    '-smp',
    String(processors(options)),
    ...flash(options.firmware),
    ...(options.disks.some(({ bus }) => bus === 'usb') ? ['-device', 'qemu-xhci,id=usb'] : []),
    ...(options.disks.some(({ bus }) => bus === 'scsi')
      ? ['-device', 'virtio-scsi-pci,id=scsi']
      : []),
    ...options.disks.flatMap((one, index) => disk(one, index, sataPort(options.disks, index))),
    ...network(options.network),
    ...serial(options.serial),
    ...qmp(options.qmpSocket),
    ...(options.watchdog ? ['-device', 'i6300esb', '-action', 'watchdog=reset'] : []),
    '-object',
    'rng-random,id=rng0,filename=/dev/urandom',
    '-device',
    'virtio-rng-pci,rng=rng0',
    ...(options.noReboot ? ['-no-reboot'] : []),
    ...(options.fixedAddresses && options.accelerator === 'tcg' ? FIXED_ADDRESSES : []),
    '-device',
    // Wayland needs a device that shares buffers, which VGA cannot. Firmware and GRUB see the same in both.
    options.display === 'window' ? 'virtio-vga' : 'VGA',
    ...(options.display === 'none' ? ['-display', 'none'] : []),
    ...(options.snapshot === undefined ? [] : ['-loadvm', options.snapshot]),
    ...(options.extra ?? []),
  ];
}

function machine(firmware: Firmware): string[] {
  // Without SMM, the guest could write the Secure Boot variables directly.
  return firmware.kind === 'secure-boot'
    ? [
        '-machine',
        'q35,smm=on',
        '-global',
        'driver=cfi.pflash01,property=secure,value=on',
        '-global',
        'ICH9-LPC.disable_s3=1',
      ]
    : ['-machine', 'q35'];
}

/**
 * UEFI synchronizes all processors at each start. With one TCG thread per processor, restarts hung
 * there before the firmware's first output, with and without Secure Boot.
 */
function processors({ firmware, accelerator, cpus }: QemuOptions): number {
  return firmware.kind !== 'bios' && accelerator === 'tcg' ? 1 : cpus;
}

function accelerator(accelerator: Accelerator): string[] {
  return accelerator === 'kvm'
    ? ['-accel', 'kvm', '-cpu', 'host']
    : ['-accel', `tcg,thread=multi,tb-size=${TCG_CACHE_MIB}`, '-cpu', TCG_PROCESSOR];
}

/**
 * MiB for translated code; QEMU's default is 1024. The code of a shared library is translated again
 * for each address it is loaded at, and a store into such a page searches all of it. After a boot
 * there are some 1.6 million blocks, and firmware that clears memory on a restart took more than
 * 400 s. With 256 MiB, restarts take seconds, and a boot needs no more processor time.
 */
const TCG_CACHE_MIB = 256;

/**
 * All features that QEMU can translate, without those that make a guest slower: with erms and fsrm
 * the kernel clears and copies pages byte by byte (a quarter of a boot's time), la57 deepens every
 * page table walk, and svm makes it load its hypervisor.
 */
const TCG_PROCESSOR = 'max,la57=off,erms=off,fsrm=off,svm=off';

/**
 * A credential (systemd.exec(5)) that systemd 252 and later reads from the machine's SMBIOS tables and
 * applies with systemd-sysctl(8). QEMU translates code again for each address it is loaded at; at fixed
 * addresses it translates the code of a shared library once for all processes.
 */
const FIXED_ADDRESSES = [
  '-smbios',
  'type=11,value=io.systemd.credential:sysctl.extra=kernel.randomize_va_space=0',
];

function flash(firmware: Firmware): string[] {
  return firmware.kind === 'bios'
    ? []
    : [
        '-drive',
        `if=pflash,unit=0,format=raw,readonly=on,file=${escapeValue(firmware.code)}`,
        '-drive',
        `if=pflash,unit=1,format=${firmware.variablesFormat ?? 'raw'},file=${escapeValue(firmware.variables)}`,
      ];
}

/**
 * The port of a drive on the q35 machine's SATA controller, which has six ports for one drive each.
 */
function sataPort(disks: readonly QemuDisk[], index: number): number {
  return disks.slice(0, index).filter(({ bus }) => bus === 'sata' || bus === 'cdrom').length;
}

function disk(disk: QemuDisk, index: number, port: number): string[] {
  const id = `disk${index}`;
  const readOnly = disk.readOnly === true || disk.bus === 'cdrom';
  const device = {
    virtio: 'virtio-blk-pci',
    usb: 'usb-storage,bus=usb.0,removable=on',
    cdrom: `ide-cd,bus=ide.${port}`,
    sata: `ide-hd,bus=ide.${port}`,
    scsi: 'scsi-hd,bus=scsi.0',
    nvme: 'nvme',
  }[disk.bus];
  const properties = [
    device,
    `drive=${id}`,
    ...(disk.bootIndex === undefined ? [] : [`bootindex=${disk.bootIndex}`]),
    ...serialNumber(disk, id),
    ...(disk.logicalBlockBytes === undefined
      ? []
      : [
          `logical_block_size=${disk.logicalBlockBytes}`,
          `physical_block_size=${disk.logicalBlockBytes}`,
        ]),
  ];
  const drive = [
    'if=none',
    `id=${id}`,
    `format=${disk.format}`,
    ...(readOnly ? ['readonly=on'] : ['discard=unmap']),
    `file=${escapeValue(disk.path)}`,
  ];
  return ['-drive', drive.join(','), '-device', properties.join(',')];
}

/** QEMU does not start an NVMe drive without one. */
function serialNumber({ bus, serial }: QemuDisk, id: string): string[] {
  const number = serial ?? (bus === 'nvme' ? id : undefined);
  return number === undefined ? [] : [`serial=${escapeValue(number)}`];
}

function network(network: QemuOptions['network']): string[] {
  if (network === false) {
    return ['-nic', 'none'];
  }
  const forwards = network.forwards.map(
    ({ hostPort, guestPort }) => `,hostfwd=tcp:127.0.0.1:${hostPort}-:${guestPort}`,
  );
  return [
    '-netdev',
    `user,id=net0${forwards.join('')}`,
    '-device',
    'virtio-net-pci,netdev=net0,romfile=',
  ];
}

function serial(serial: QemuSerial): string[] {
  switch (serial.kind) {
    case 'socket':
      return [
        '-chardev',
        `socket,id=serial0,path=${escapeValue(serial.path)}`,
        '-serial',
        'chardev:serial0',
      ];
    case 'terminal':
      // The same as mon:stdio, with a log.
      return serial.logFile === undefined
        ? ['-serial', 'mon:stdio']
        : [
            ...[
              '-chardev',
              `stdio,id=serial0,mux=on,signal=off,logfile=${escapeValue(serial.logFile)}`,
            ],
            ...['-serial', 'chardev:serial0', '-mon', 'chardev=serial0,mode=readline'],
          ];
    case 'none':
      return ['-serial', 'none'];
  }
}

function qmp(socket: string | undefined): string[] {
  return socket === undefined
    ? []
    : [
        '-chardev',
        `socket,id=qmp0,path=${escapeValue(socket)}`,
        '-mon',
        'chardev=qmp0,mode=control',
      ];
}

/** A value inside one of QEMU's comma-separated options: doubles commas. */
function escapeValue(value: string): string {
  return value.replaceAll(',', ',,');
}
