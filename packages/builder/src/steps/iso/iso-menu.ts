import { MediumPath } from '@micro-linux/provision';
import { grubQuote, serialTerminal } from '../grub/index.ts';

/** What the boot menu of an ISO depends on. */
export interface IsoMenuOptions {
  /** For display: `Debian 12 (bookworm) 1.2.3`. */
  readonly title: string;
  /** Whether the data partition of an existing installation is kept. */
  readonly keepsData: boolean;
  /** UUID of the ISO's file system. */
  readonly uuid: string;
  /** UUID of the ESP that is installed from this ISO: `1234-ABCD`. */
  readonly espUuid: string;
  /** Kernel consoles, as in the slot. */
  readonly consoles: readonly string[];
  /** The slot's other kernel arguments. */
  readonly kernelArguments: readonly string[];
  /** Seconds until the first entry starts. */
  readonly countdownSeconds: number;
}

/** Where GRUB's settings are on the ISO. */
export const MENU_PATH = '/boot/grub/grub.cfg';

/** Seconds that a message is shown before GRUB or the kernel restarts. */
const PAUSE_SECONDS = 30;

/**
 * /boot/grub/grub.cfg of an ISO: a menu that counts down on every console until a key is pressed,
 * and then installs.
 *
 * A medium left in the machine must not install again and again: once the disk has the system of
 * this ISO, that starts by default. The ESP is made last and wiped first, so an interrupted
 * installation starts again.
 */
export function isoMenu(options: IsoMenuOptions): string {
  const { title, countdownSeconds } = options;
  const lost = options.keepsData ? 'data is kept' : 'everything on the disk is lost';
  return `# Written by micro-linux; docs/guides/iso.md explains it.
${serialTerminal(options.consoles)}

${functions(options)}
if ! regexp --set=1:ml_medium '^([^,]+)' "$root"; then
  set ml_medium="$root"
fi
set ml_esp=
set default=install
if search --no-floppy --fs-uuid --set=ml_esp ${options.espUuid}; then
  set default=disk
fi
set timeout_style=menu
set timeout=${countdownSeconds}

menuentry ${grubQuote(`Install ${title}: ${lost}`)} --id install {
  ml_live install panic=${PAUSE_SECONDS}
}
menuentry ${grubQuote('Rescue shell')} --id rescue {
  ml_live rescue
}
menuentry ${grubQuote('Start the system on the disk')} --id disk {
  ml_disk
}
`;
}

/** Without systemd's status lines, which would overwrite the installer's output. */
function functions(options: IsoMenuOptions): string {
  const slot = [
    ...options.consoles.map((console) => `console=${console}`),
    ...options.kernelArguments,
  ].join(' ');
  return `# ml_live ACTION [ARGUMENT]: starts the live system, or restarts if this medium is damaged.
function ml_live {
  if [ "$grub_platform" = pc ]; then set gfxpayload=text; fi
  echo 'micro-linux: reading the kernel'
  if linux ${MediumPath.liveKernel} ${slot} boot=micro-linux-live ro micro_linux.live=${options.uuid} micro_linux.action=$1 systemd.unit=micro-linux-$1.target systemd.show_status=false $2; then
    if initrd ${MediumPath.liveInitrd}; then boot; fi
  fi
  echo 'micro-linux: this medium is damaged; restarting'
  sleep ${PAUSE_SECONDS}
  reboot
}

# ml_chain DISK: BIOS only.
function ml_chain {
  if [ "$1" = "$ml_medium" ]; then return 1; fi
  set root="$1"
  if chainloader +1; then boot; fi
  return 1
}

# Starts what this ISO installed; else, by BIOS, the first disk that starts; by UEFI, whatever the
# firmware has next.
function ml_disk {
  if [ "$grub_platform" = pc ]; then
    if [ -n "$ml_esp" ]; then
      if regexp --set=1:ml_first '^([^,]+),' "$ml_esp"; then ml_chain "$ml_first"; fi
    fi
    for ml_next in hd0 hd1 hd2 hd3; do ml_chain "$ml_next"; done
    echo 'micro-linux: no disk can be started; restarting'
    sleep ${PAUSE_SECONDS}
    reboot
  fi
  if [ -n "$ml_esp" ]; then
    if chainloader "($ml_esp)/EFI/BOOT/BOOTX64.EFI"; then boot; fi
  fi
  exit
}`;
}

/** Embedded in the image for BIOS, which finds the medium it was read from. */
export function isoEmbeddedConfig(): string {
  return `configfile ($root)${MENU_PATH}
echo 'micro-linux: ${MENU_PATH} is unreadable or was left; restarting'
sleep ${PAUSE_SECONDS}
reboot
`;
}

/**
 * For the signed GRUB for UEFI, which reads its settings from the file system it was loaded from:
 * continues with the menu.
 */
export function isoStub(uuid: string): string {
  return `search --no-floppy --fs-uuid --set=root ${uuid}
set prefix=($root)/boot/grub
configfile ($root)${MENU_PATH}
echo 'micro-linux: ${MENU_PATH} is unreadable or was left; restarting'
sleep ${PAUSE_SECONDS}
reboot
`;
}
