import { expect, test } from 'vitest';
import { type QemuOptions, qemuArguments } from './qemu-arguments.ts';

const plain: QemuOptions = {
  firmware: { kind: 'bios' },
  accelerator: 'tcg',
  memoryMib: 1024,
  cpus: 2,
  disks: [{ path: '/disks/a.qcow2', format: 'qcow2', bus: 'virtio', bootIndex: 0 }],
  serial: { kind: 'terminal' },
  network: { forwards: [{ hostPort: 2222, guestPort: 22 }] },
  watchdog: true,
  noReboot: false,
  display: 'none',
};
const uefi = { code: '/fw/CODE.fd', variables: '/vm/VARS.fd' };

/** One option per line, as in a script. */
function lines(options: QemuOptions): string {
  return qemuArguments(options)
    .join(' ')
    .replaceAll(/ -(?=[a-z])/g, '\n-');
}

test('a BIOS machine on the terminal', () => {
  expect(lines(plain)).toMatchInlineSnapshot(`
    "-nodefaults
    -no-user-config
    -machine q35
    -accel tcg,thread=multi,tb-size=256
    -cpu max,la57=off,erms=off,fsrm=off,svm=off
    -m 1024M
    -smp 2
    -drive if=none,id=disk0,format=qcow2,discard=unmap,file=/disks/a.qcow2
    -device virtio-blk-pci,drive=disk0,bootindex=0
    -netdev user,id=net0,hostfwd=tcp:127.0.0.1:2222-:22
    -device virtio-net-pci,netdev=net0,romfile=
    -serial mon:stdio
    -device i6300esb
    -action watchdog=reset
    -object rng-random,id=rng0,filename=/dev/urandom
    -device virtio-rng-pci,rng=rng0
    -device VGA
    -display none"
  `);
});

test('a Secure Boot machine under KVM, driven over sockets', () => {
  const options: QemuOptions = {
    ...plain,
    firmware: { kind: 'secure-boot', ...uefi },
    accelerator: 'kvm',
    serial: { kind: 'socket', path: '/vm/serial.sock' },
    qmpSocket: '/vm/qmp.sock',
    network: { forwards: [] },
    noReboot: true,
    watchdog: false,
  };
  expect(lines(options)).toMatchInlineSnapshot(`
    "-nodefaults
    -no-user-config
    -machine q35,smm=on
    -global driver=cfi.pflash01,property=secure,value=on
    -global ICH9-LPC.disable_s3=1
    -accel kvm
    -cpu host
    -m 1024M
    -smp 2
    -drive if=pflash,unit=0,format=raw,readonly=on,file=/fw/CODE.fd
    -drive if=pflash,unit=1,format=raw,file=/vm/VARS.fd
    -drive if=none,id=disk0,format=qcow2,discard=unmap,file=/disks/a.qcow2
    -device virtio-blk-pci,drive=disk0,bootindex=0
    -netdev user,id=net0
    -device virtio-net-pci,netdev=net0,romfile=
    -chardev socket,id=serial0,path=/vm/serial.sock
    -serial chardev:serial0
    -chardev socket,id=qmp0,path=/vm/qmp.sock
    -mon chardev=qmp0,mode=control
    -object rng-random,id=rng0,filename=/dev/urandom
    -device virtio-rng-pci,rng=rng0
    -no-reboot
    -device VGA
    -display none"
  `);
});

test('an installer on a CD or USB stick, with an empty disk with large sectors', () => {
  const options: QemuOptions = {
    ...plain,
    firmware: { kind: 'uefi', ...uefi },
    disks: [
      { path: '/iso/i.iso', format: 'raw', bus: 'cdrom', bootIndex: 0 },
      { path: '/iso/s.img', format: 'raw', bus: 'usb', bootIndex: 1, readOnly: true },
      {
        path: '/disks/empty.raw',
        format: 'raw',
        bus: 'virtio',
        serial: 'target',
        logicalBlockBytes: 4096,
      },
    ],
    serial: { kind: 'none' },
    network: false,
    display: 'window',
    extra: ['-device', 'isa-debug-exit'],
  };
  expect(lines(options)).toMatchInlineSnapshot(`
    "-nodefaults
    -no-user-config
    -machine q35
    -accel tcg,thread=multi,tb-size=256
    -cpu max,la57=off,erms=off,fsrm=off,svm=off
    -m 1024M
    -smp 1
    -drive if=pflash,unit=0,format=raw,readonly=on,file=/fw/CODE.fd
    -drive if=pflash,unit=1,format=raw,file=/vm/VARS.fd
    -device qemu-xhci,id=usb
    -drive if=none,id=disk0,format=raw,readonly=on,file=/iso/i.iso
    -device ide-cd,bus=ide.0,drive=disk0,bootindex=0
    -drive if=none,id=disk1,format=raw,readonly=on,file=/iso/s.img
    -device usb-storage,bus=usb.0,removable=on,drive=disk1,bootindex=1
    -drive if=none,id=disk2,format=raw,discard=unmap,file=/disks/empty.raw
    -device virtio-blk-pci,drive=disk2,serial=target,logical_block_size=4096,physical_block_size=4096
    -nic none
    -serial none
    -device i6300esb
    -action watchdog=reset
    -object rng-random,id=rng0,filename=/dev/urandom
    -device virtio-rng-pci,rng=rng0
    -device virtio-vga
    -device isa-debug-exit"
  `);
});

test('requests fixed addresses from the guest only if QEMU translates code', () => {
  const wanted = { ...plain, fixedAddresses: true };
  const credential =
    '-smbios type=11,value=io.systemd.credential:sysctl.extra=kernel.randomize_va_space=0';
  expect(lines(wanted)).toContain(credential);
  expect(lines({ ...wanted, accelerator: 'kvm' })).not.toContain('smbios');
  expect(lines(plain)).not.toContain('smbios');
});

test('keeps a comma in a path', () => {
  const disks = [{ path: '/a,readonly=on', format: 'raw', bus: 'virtio' }] as const;
  expect(qemuArguments({ ...plain, disks }).join(' ')).toContain('file=/a,,readonly=on');
});

test.each(['uefi', 'secure-boot'] as const)(
  'without KVM, a machine of %s has one processor: the firmware hung with two',
  (kind) => {
    const firmware = { kind, ...uefi };
    expect(lines({ ...plain, firmware })).toContain('-smp 1\n');
    expect(lines({ ...plain, firmware, accelerator: 'kvm' })).toContain('-smp 2\n');
  },
);

test('SATA, SCSI and NVMe disks', () => {
  const disks = (['sata', 'scsi', 'nvme'] as const).map(
    (bus) => ({ path: `/${bus}`, format: 'raw', bus, serial: bus }) as const,
  );
  const text = lines({ ...plain, disks });
  expect(text).toContain('-device ide-hd,bus=ide.0,drive=disk0,serial=sata');
  expect(text).toContain('-device virtio-scsi-pci,id=scsi\n');
  expect(text).toContain('-device scsi-hd,bus=scsi.0,drive=disk1,serial=scsi');
  expect(text).toContain('-device nvme,drive=disk2,serial=nvme');
});

test('an NVMe drive has a serial number, which QEMU requires', () => {
  const disks = [{ path: '/a', format: 'raw', bus: 'nvme' }] as const;
  expect(lines({ ...plain, disks })).toContain('-device nvme,drive=disk0,serial=disk0');
});

test('each SATA drive has its own port', () => {
  const disks = (['sata', 'virtio', 'cdrom'] as const).map(
    (bus) => ({ path: `/${bus}`, format: 'raw', bus }) as const,
  );
  const text = lines({ ...plain, disks });
  expect(text).toContain('-device ide-hd,bus=ide.0,drive=disk0');
  expect(text).toContain('-device ide-cd,bus=ide.1,drive=disk2');
});
