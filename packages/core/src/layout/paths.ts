/** Paths on the ESP, from its root. GRUB reads them, the agent writes the env blocks. */
export const EspPath = {
  grubConfig: '/grub/grub.cfg',
  env: '/grub/grubenv',
  /** The agent's verified second copy, which GRUB reads when the first is unreadable. */
  envCopy: '/grub/grubenv.copy',
  /** Names the last confirmed slot. Only the mark step writes it; read when both copies are bad. */
  confirmed: '/grub/confirmed',
} as const;

/** Paths inside a slot. */
export const SlotPath = {
  kernel: '/boot/vmlinuz',
  initrd: '/boot/initrd.img',
  /** Sourced by GRUB: the slot's own kernel arguments. */
  grubSlotConfig: '/boot/slot.cfg',
  /** Description of this image: JSON, written by the builder. */
  imageInfo: '/usr/lib/micro-linux/image.json',
  /** Folder of the boot programs in this image, to be copied to the ESP. */
  bootloader: '/usr/lib/micro-linux/bootloader',
} as const;

/** Paths on a running device. */
export const DevicePath = {
  esp: '/boot/efi',
  data: '/data',
  /** Written by the initramfs: the booted slot and its disk, as JSON. */
  bootInfo: '/run/micro-linux/boot.json',
  /** Also written by the initramfs: problems with the data partition, one per line. */
  dataNotes: '/run/micro-linux/data-problems',
} as const;
