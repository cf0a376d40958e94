import { SLOTS, type Slot, SlotPath, slotPartition } from '@micro-linux/core';
import { PAUSE_SECONDS } from './pause.ts';

/** Seconds until a reboot after a kernel panic, or after the initramfs gives up. */
const PANIC_SECONDS = 10;

/**
 * `ml_try`, `ml_load`, `ml_boot` and `ml_restart`, as GRUB script.
 *
 * @throws RangeError if a slot has no partition GUID.
 */
export function doingFunctions(partUuids: Readonly<Record<Slot, string>>): string {
  return `# ---- doing ----

# ml_try SLOT: loads and boots it; returns 1 if that is impossible. The kernel command line of the
# system that boots instead says so: it has no other way to know why it runs.
function ml_try {
  if [ -z "$1" ]; then return 1; fi
  echo "micro-linux: slot $1 ($ml_reason)"
  if ml_load "$1"; then
    if ml_boot "$1"; then return 0; fi
  fi
  echo "micro-linux: slot $1 cannot be started"
  set ml_skipped="micro_linux.skipped=$1"
  return 1
}

# gpt: the kernel may use the backup partition table, should power have gone while the first one
# was written. No rootwait: with a damaged initrd it would wait forever instead of panicking.
function ml_load {
  unset slot_kernel
  unset slot_initrd
  unset slot_sums
  unset slot_args
${SLOTS.map(
  (
    slot,
  ) => `  if [ "$1" = ${slot} ]; then set ml_partition=${slotPartition(slot).number}; set ml_partuuid=${partUuid(partUuids, slot)}; fi
`,
).join('')}  set ml_root="($ml_disk,gpt$ml_partition)"
  if [ -f "$ml_root${SlotPath.grubSlotConfig}" ]; then
    source "$ml_root${SlotPath.grubSlotConfig}"
  fi
  if [ -z "$slot_kernel" ]; then return 1; fi
  if [ -z "$slot_initrd" ]; then return 1; fi
  if [ -n "$ml_hash" ]; then
    if [ -n "$slot_sums" ]; then
      if hashsum --hash sha256 --check "$ml_root$slot_sums" --prefix "$ml_root"; then true; else return 1; fi
    fi
  fi
  if [ "$grub_platform" = pc ]; then set gfxpayload=text; fi
  if linux "$ml_root$slot_kernel" $slot_args root=PARTUUID=$ml_partuuid ro gpt panic=${PANIC_SECONDS} micro_linux.slot=$1 micro_linux.boot=$ml_reason $ml_mark $ml_skipped; then
    if initrd "$ml_root$slot_initrd"; then return 0; fi
  fi
  return 1
}

function ml_boot {
  boot
  return 1
}

# Nothing could be booted: a pause to read the screen, then from the start, forever.
function ml_restart {
  echo 'micro-linux: nothing to start on this disk; restarting'
  sleep ${PAUSE_SECONDS}
  while true; do
    reboot
  done
}
`;
}

/** Lower case, like udev's link by which initramfs-tools finds the root device. */
function partUuid(partUuids: Readonly<Record<Slot, string>>, slot: Slot): string {
  const uuid = partUuids[slot].toLowerCase();
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) {
    throw new RangeError(`slot ${slot} has no partition GUID but ${JSON.stringify(uuid)}`);
  }
  return uuid;
}
