import { expect, test } from 'vitest';
import { liveKernel } from './live-kernel.ts';

const MODULES = 'usr/lib/modules/6.1.0-1-amd64/kernel';
const FILE_SYSTEMS = [
  `${MODULES}/fs/isofs/isofs.ko`,
  `${MODULES}/fs/squashfs/squashfs.ko.zst`,
  `${MODULES}/fs/overlayfs/overlay.ko`,
  `${MODULES}/drivers/block/loop.ko.xz`,
];
const BUILTIN = 'kernel/fs/ext4/ext4.ko\nkernel/drivers/scsi/sd_mod.ko\n';

test('a generic kernel reads DVDs and USB sticks', () => {
  const drivers = ['ahci', 'sr_mod', 'xhci-pci', 'usb-storage'].map(
    (name) => `${MODULES}/drivers/${name}.ko`,
  );
  const { media, missing } = liveKernel([...FILE_SYSTEMS, ...drivers], BUILTIN);
  expect(media).toEqual(['a DVD drive on SATA', 'a USB stick']);
  expect(missing).toEqual([]);
});

test('a cloud kernel reads what clouds have; missing drivers are reported', () => {
  const drivers = ['sr_mod', 'virtio_scsi', 'virtio_blk'].map((name) => `${MODULES}/x/${name}.ko`);
  const { media, unreadable } = liveKernel([...FILE_SYSTEMS, ...drivers], BUILTIN);
  expect(media).toEqual(["a virtio-scsi DVD drive (QEMU's)", "a virtio disk (QEMU's)"]);
  expect(unreadable).toContainEqual({ media: 'a DVD drive on SATA', missing: ['ahci'] });
  expect(unreadable).toContainEqual({
    media: 'a USB stick',
    missing: ['xhci_pci', 'usb_storage'],
  });
});

test('refuses a kernel without the needed file systems', () => {
  expect(liveKernel([], '').missing).toEqual(['isofs', 'squashfs', 'loop', 'overlay', 'ext4']);
});
