import { EspPath, SLOTS } from '@micro-linux/core';
import { type GrubFunctionsOptions, grubFunctions } from './grub-functions.ts';
import { grubQuote } from './quote.ts';
import { serialTerminal } from './serial-terminal.ts';

/** What grub.cfg on the ESP depends on. */
export interface GrubConfigOptions extends GrubFunctionsOptions {
  /** As shown in the menu, e.g. `Debian 12 (bookworm)`. */
  readonly title: string;
  /**
   * Kernel consoles, e.g. `tty0`, `ttyS0,115200`: the first serial console also gets GRUB's menu.
   */
  readonly consoles: readonly string[];
  /** Whole seconds, 1 to 60, during which Esc opens the menu. */
  readonly timeoutSeconds: number;
}

/** Seconds after which an opened menu continues if no key is pressed. */
const MENU_SECONDS = 60;

/**
 * grub.cfg for the ESP: the boot state table of core/src/boot as GRUB script, then the menu.
 *
 * It never waits for a key: every failure ends in the other slot or in a reboot. It chooses slots
 * by partition number on the disk it was read from, never by label or file system UUID.
 *
 * @throws RangeError if an option is outside its bounds.
 * @throws MicroLinuxError `bad-tries` for a bad `bootCounter`.
 */
export function grubConfig(options: GrubConfigOptions): string {
  const { title, timeoutSeconds } = options;
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1 || timeoutSeconds > 60) {
    throw new RangeError(
      `timeoutSeconds must be a whole number from 1 to 60, not ${timeoutSeconds}`,
    );
  }
  return `# Written by micro-linux; docs/explanation/boot-states.md explains it. To choose another slot change the
# variables in ${EspPath.env} (ota-agent does), never this file.

${grubFunctions(options)}
# ---- what runs ----

set ml_esp="$root"
set ml_env="($ml_esp)${EspPath.env}"
set ml_copy="($ml_esp)${EspPath.envCopy}"
set ml_marker="($ml_esp)${EspPath.confirmed}"
set ml_skipped=
if ! regexp --set=1:ml_disk '^([^,]+),' "$ml_esp"; then
  set ml_disk="$ml_esp"
fi
${serialTerminal(options.consoles)}
echo ${grubQuote(`${title}: starting, Esc for the menu`)}
if sleep --interruptible ${timeoutSeconds}; then
  ml_auto
  ml_restart
fi

# Somebody pressed Esc (or a serial line made noise: so the menu goes on by itself, too).
set default=auto
set timeout_style=menu
set timeout=${MENU_SECONDS}
menuentry ${grubQuote(`${title}: automatic choice`)} --id auto {
  ml_auto
  ml_restart
}
${SLOTS.map(
  (slot) => `menuentry ${grubQuote(`${title}: slot ${slot}`)} --id ${slot} {
  ml_pick ${slot}
  ml_restart
}
`,
).join('')}menuentry 'Restart' --id restart {
  reboot
}
`;
}
