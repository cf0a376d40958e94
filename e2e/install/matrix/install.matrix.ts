import { GIB } from '@micro-linux/core';
import { type InstallWay, tellInstall } from '../../harness/installer/install-story.ts';

const disk = (bus: 'sata' | 'scsi' | 'nvme'): Pick<InstallWay, 'disks'> => ({
  disks: [{ bytes: 4 * GIB, bus }],
});

await tellInstall('installations from every medium, by every firmware, onto every disk', [
  { firmware: 'bios', drive: 'cdrom' },
  { firmware: 'bios', drive: 'usb' },
  { firmware: 'uefi', drive: 'cdrom' },
  { firmware: 'uefi', drive: 'usb' },
  { firmware: 'secure-boot', drive: 'cdrom' },
  { firmware: 'secure-boot', drive: 'usb' },
  { firmware: 'bios', drive: 'cdrom', ...disk('sata') },
  { firmware: 'uefi', drive: 'cdrom', ...disk('nvme') },
  { firmware: 'bios', drive: 'usb', ...disk('scsi') },
]);
