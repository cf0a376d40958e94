import { EspPath } from '@micro-linux/core';

/** Seconds that a message is shown before GRUB reboots. */
const REBOOT_AFTER_SECONDS = 10;

/**
 * The config embedded into core.img and into an unsigned EFI image (`grub-mkimage --config`). GRUB
 * runs it line by line before it has its script language, so it has plain commands only. If
 * grub.cfg cannot be read it ends in a reboot, not at a prompt.
 */
export function embeddedConfig(): string {
  return `set ml_hash=1
export ml_hash
configfile ($root)${EspPath.grubConfig}
echo 'micro-linux: ${EspPath.grubConfig} is unreadable or was left; restarting'
sleep ${REBOOT_AFTER_SECONDS}
reboot
`;
}

/**
 * EFI/<vendor>/grub.cfg: what the distribution's signed GRUB reads. Finds the ESP that GRUB was
 * loaded from ($cmdpath, as root may have been moved by the image's own search) and continues with
 * /grub/grub.cfg there.
 */
export function grubStub(): string {
  return `# Read by the signed GRUB; all that matters is in ${EspPath.grubConfig} on this partition.
if regexp --set=1:ml_esp '^\\(([^)]+)\\)' "$cmdpath"; then
  if [ -f "($ml_esp)${EspPath.grubConfig}" ]; then
    set root="$ml_esp"
  fi
fi
set prefix="($root)/grub"
export root prefix
configfile "($root)${EspPath.grubConfig}"
echo 'micro-linux: ${EspPath.grubConfig} is unreadable or was left; restarting'
sleep ${REBOOT_AFTER_SECONDS}
reboot
`;
}
