import {
  BOOT_VARIABLES,
  BootVariable,
  type Candidate,
  type Condition,
  type CounterWrite,
  checkTries,
  EnvVariable,
  EspPath,
  MAX_TRIES,
  SLOTS,
  type Slot,
  SlotPath,
  STANDING_RULES,
  type StandingRule,
  slotOkVariable,
  slotPartition,
} from '@micro-linux/core';
import { grubQuote } from './quote.ts';

/** What grub.cfg on the ESP depends on. */
export interface GrubConfigOptions {
  /** As the menu shows it, e.g. `Debian 12 (bookworm)`. */
  readonly title: string;
  /** Partition GUIDs of the two slots, any case. */
  readonly partUuids: Readonly<Record<Slot, string>>;
  /** Kernel consoles, e.g. `tty0`, `ttyS0,115200`: the first serial one gets GRUB's menu too. */
  readonly consoles: readonly string[];
  /** Whole seconds, 1 to 60, in which Esc opens the menu. */
  readonly timeoutSeconds: number;
  /** What a full `boot_counter` holds, 1 to 7. */
  readonly bootCounter: number;
}

/** Seconds that messages stay before GRUB reboots or goes on by itself. */
const PAUSE_SECONDS = 10;
/** Seconds after which an opened menu that nobody touches goes on by itself. */
const MENU_SECONDS = 60;
/** Seconds after which a panicking kernel, or an initramfs that gives up, reboots. */
const PANIC_SECONDS = 10;

/** Without next_entry: the copy is never a reason to try a slot. */
const COPY_VARIABLES = BOOT_VARIABLES.filter(
  (name) => name !== BootVariable.nextEntry && name !== BootVariable.nextTries,
);

/**
 * grub.cfg for the ESP: the boot state table of core/src/boot as GRUB script, then the menu.
 *
 * It never waits for a key: whatever goes wrong ends in another slot or in a reboot. It chooses
 * slots by partition number on the disk it was read from, never by label or file system UUID.
 *
 * @throws RangeError when an option is outside its bounds.
 * @throws MicroLinuxError `bad-tries` for a bad `bootCounter`.
 */
export function grubConfig(options: GrubConfigOptions): string {
  const { title, timeoutSeconds } = options;
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1 || timeoutSeconds > 60) {
    throw new RangeError(
      `timeoutSeconds must be a whole number from 1 to 60, not ${timeoutSeconds}`,
    );
  }
  return `# Written by micro-linux; docs/boot-states.md explains it. To choose another slot change the
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
${terminals(options.consoles)}
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

/**
 * The functions of grub.cfg alone, with no effect when read. e2e/grub-states reads them and puts
 * its own `ml_load` and `ml_boot` in place of these; it sets ml_env, ml_copy and ml_marker itself.
 *
 * - `ml_auto` decides and boots; returns only if nothing could be booted.
 * - `ml_pick SLOT` boots a slot somebody chose, else does as ml_auto.
 * - `ml_load SLOT` loads kernel and initrd; `ml_boot SLOT` starts them.
 */
export function grubFunctions(
  options: Pick<GrubConfigOptions, 'partUuids' | 'bootCounter'>,
): string {
  checkTries(options.bootCounter, 'the boot counter');
  const full = String(options.bootCounter);
  return `# ---- counting: GRUB script has no arithmetic ----

# ml_count TEXT: sets ml_count to the digit, or to a full counter when it is no digit.
function ml_count {
  if regexp '^[0-${MAX_TRIES}]$' "$1"; then set ml_count="$1"; else set ml_count=${full}; fi
}

# ml_less DIGIT: sets ml_less to one less, at least 0.
function ml_less {
  set ml_less=0
${Array.from({ length: MAX_TRIES - 1 }, (_, index) => index + 2)
  .map((digit) => `  if [ "$1" = ${digit} ]; then set ml_less=${digit - 1}; fi\n`)
  .join('')}}

# ---- reading: a block that names no confirmed slot counts as damaged ----

function ml_forget {
${BOOT_VARIABLES.map((name) => `  unset ${name}\n`).join('')}}

# Sets ml_source (env, copy, marker or none), ml_block (what save_env may write) and the variables.
function ml_read {
  set ml_source=none
  set ml_block=
  ml_forget
  if [ -f "$ml_env" ]; then
    if load_env --file "$ml_env" ${BOOT_VARIABLES.join(' ')}; then
      if regexp '^[AB]$' "$${BootVariable.savedEntry}"; then
        set ml_source=env
        set ml_block="$ml_env"
        return 0
      fi
    fi
  fi
  echo 'micro-linux: grubenv is damaged, reading its copy'
  ml_forget
  if [ -f "$ml_copy" ]; then
    if load_env --file "$ml_copy" ${COPY_VARIABLES.join(' ')}; then
      if regexp '^[AB]$' "$${BootVariable.savedEntry}"; then
        set ml_source=copy
        set ml_block="$ml_copy"
        return 0
      fi
    fi
  fi
  echo 'micro-linux: grubenv.copy is damaged too, reading the marker'
  ml_forget
  unset ${EnvVariable.confirmed}
  if [ -f "$ml_marker" ]; then
    if load_env --file "$ml_marker" ${EnvVariable.confirmed}; then
      if regexp '^[AB]$' "$${EnvVariable.confirmed}"; then
        set ml_source=marker
      fi
    fi
  fi
  return 0
}

# ---- deciding ----

# Boots the slot on trial, if there is one and the used-up try was really saved.
function ml_trial {
  if regexp '^[AB]$' "$${BootVariable.nextEntry}"; then true; else return 1; fi
  if [ "$${BootVariable.nextTries}" = 0 ]; then return 1; fi
  set ml_slot="$${BootVariable.nextEntry}"
  if regexp '^[2-${MAX_TRIES}]$' "$${BootVariable.nextTries}"; then
    ml_less "$${BootVariable.nextTries}"
    set ${BootVariable.nextTries}="$ml_less"
  else
    set ${BootVariable.nextTries}=0
    set ${BootVariable.nextEntry}=
  fi
  set ${BootVariable.bootSuccess}=0
  if save_env --file "$ml_block" ${[BootVariable.nextEntry, BootVariable.nextTries, BootVariable.bootSuccess].join(' ')}; then
    set ml_reason=trial
    if ml_try "$ml_slot"; then return 0; fi
  else
    echo "micro-linux: cannot save, so slot $ml_slot is not tried"
  fi
  return 1
}

# Boots what the standing rules say. $1: boot_success as it was read.
function ml_standing {
  if [ "$${BootVariable.savedEntry}" = A ]; then
    set ml_other=B
    set ml_ok="$${slotOkVariable('A')}"
    set ml_other_ok="$${slotOkVariable('B')}"
  else
    set ml_other=A
    set ml_ok="$${slotOkVariable('B')}"
    set ml_other_ok="$${slotOkVariable('A')}"
  fi
  ml_count "$${BootVariable.bootCounter}"
  set ${BootVariable.bootCounter}="$ml_count"
  ml_count "$${BootVariable.fallbackCounter}"
  set ${BootVariable.fallbackCounter}="$ml_count"
  set ml_has_tries=0
  if [ "$ml_ok" = 1 ]; then
    if [ "$1" = 1 ]; then set ml_has_tries=1; fi
    if [ "$${BootVariable.bootCounter}" != 0 ]; then set ml_has_tries=1; fi
  fi
  set ml_first=
  set ml_second=
${standingChain(options.bootCounter)}
  set ${BootVariable.bootSuccess}=0
  if save_env --file "$ml_block" ${[BootVariable.bootSuccess, BootVariable.bootCounter, BootVariable.fallbackCounter].join(' ')}; then
    true
  else
    echo 'micro-linux: cannot save the boot counters'
  fi
  if ml_try "$ml_first"; then return 0; fi
  if ml_try "$ml_second"; then return 0; fi
  return 1
}

function ml_auto {
  ml_read
  if [ "$ml_source" = marker ]; then
    set ml_reason=marker
    if ml_try "$${EnvVariable.confirmed}"; then return 0; fi
    return 1
  fi
  if [ "$ml_source" = none ]; then
    set ml_reason=unknown
    if ml_try A; then return 0; fi
    if ml_try B; then return 0; fi
    return 1
  fi
  set ml_success="$${BootVariable.bootSuccess}"
  if [ "$ml_source" = env ]; then
    if ml_trial; then return 0; fi
  fi
  if ml_standing "$ml_success"; then return 0; fi
  return 1
}

# ml_pick SLOT: somebody chose this one; the counters stay as they are.
function ml_pick {
  ml_read
  if [ -n "$ml_block" ]; then
    set ${BootVariable.bootSuccess}=0
    save_env --file "$ml_block" ${BootVariable.bootSuccess}
  fi
  set ml_reason=manual
  if ml_try "$1"; then return 0; fi
  echo "micro-linux: slot $1 holds no system that can be started."
  echo 'micro-linux: going on with the automatic choice.'
  sleep ${PAUSE_SECONDS}
  if ml_auto; then return 0; fi
  return 1
}

# ---- doing ----

# ml_try SLOT: loads and boots it; comes back with 1 if that is impossible. The system that boots
# instead is told, as it cannot know otherwise why it runs.
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
# was written. No rootwait: with a damaged initrd it would wait for ever instead of panicking.
function ml_load {
  unset slot_kernel
  unset slot_initrd
  unset slot_sums
  unset slot_args
${SLOTS.map(
  (
    slot,
  ) => `  if [ "$1" = ${slot} ]; then set ml_partition=${slotPartition(slot).number}; set ml_partuuid=${partUuid(options, slot)}; fi
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
  if linux "$ml_root$slot_kernel" $slot_args root=PARTUUID=$ml_partuuid ro gpt panic=${PANIC_SECONDS} micro_linux.slot=$1 micro_linux.boot=$ml_reason $ml_skipped; then
    if initrd "$ml_root$slot_initrd"; then return 0; fi
  fi
  return 1
}

function ml_boot {
  boot
  return 1
}

# Nothing could be booted: a pause to read the screen, then from the start, for ever.
function ml_restart {
  echo 'micro-linux: nothing to start on this disk; restarting'
  sleep ${PAUSE_SECONDS}
  while true; do
    reboot
  done
}
`;
}

const CONDITION_TEST: Readonly<Record<Condition, string>> = {
  'confirmed-has-tries': '[ "$ml_has_tries" = 1 ]',
  'other-not-ok': '[ "$ml_other_ok" != 1 ]',
  'fallback-has-tries': `[ "$${BootVariable.fallbackCounter}" != 0 ]`,
};

/** The standing rules as one chain: each rule is reached only when those before it do not hold. */
function standingChain(full: number): string {
  const lines = ['  set ml_reason='];
  for (const rule of STANDING_RULES) {
    const conditions = ['[ -z "$ml_reason" ]', ...rule.when.map((name) => CONDITION_TEST[name])];
    lines.push(
      `  ${conditions.map((test) => `if ${test}; then `).join('')}set ml_reason=${rule.reason}; ${conditions.map(() => 'fi').join('; ')}`,
    );
  }
  for (const rule of STANDING_RULES) {
    lines.push(
      `  if [ "$ml_reason" = ${rule.reason} ]; then`,
      ...ruleBody(rule, full).map((line) => `    ${line}`),
      '  fi',
    );
  }
  return lines.join('\n');
}

function ruleBody(rule: StandingRule, full: number): string[] {
  const [first, second] = rule.order;
  return [
    ...counterWrite(BootVariable.bootCounter, rule.bootCounter, full),
    ...counterWrite(BootVariable.fallbackCounter, rule.fallbackCounter, full),
    ...candidate('ml_first', first),
    ...candidate('ml_second', second),
  ];
}

function counterWrite(variable: string, write: CounterWrite, full: number): string[] {
  switch (write) {
    case 'minus-one':
      return [`ml_less "$${variable}"`, `set ${variable}="$ml_less"`];
    case 'full':
      return [`set ${variable}=${full}`];
    case 'full-minus-one':
      return [`set ${variable}=${full - 1}`];
    case 'unchanged':
      return [];
  }
}

function candidate(variable: string, which: Candidate | undefined): string[] {
  switch (which) {
    case undefined:
      return [];
    case 'confirmed':
      return [`set ${variable}="$${BootVariable.savedEntry}"`];
    case 'other':
      return [`set ${variable}="$ml_other"`];
    case 'other-if-ok':
      return [`if [ "$ml_other_ok" = 1 ]; then set ${variable}="$ml_other"; fi`];
  }
}

/** Lower case: initramfs-tools finds the root device by udev's link, which is. */
function partUuid(options: Pick<GrubConfigOptions, 'partUuids'>, slot: Slot): string {
  const uuid = options.partUuids[slot].toLowerCase();
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) {
    throw new RangeError(`slot ${slot} has no partition GUID but ${JSON.stringify(uuid)}`);
  }
  return uuid;
}

/**
 * On BIOS the menu also goes to the serial port, if there is one: switching to a terminal that is
 * missing would leave GRUB with none. UEFI firmware redirects its console by itself, and doing it
 * twice would show each character twice.
 */
function terminals(consoles: readonly string[]): string {
  for (const console of consoles) {
    const match = /^ttyS(\d+)(?:,(\d+).*)?$/.exec(console);
    if (match) {
      // 9600 is what the kernel takes for a serial console with no speed (serial-console.rst).
      return `if [ "$grub_platform" = pc ]; then
  if serial --unit=${match[1]} --speed=${match[2] ?? 9600}; then
    terminal_input console serial
    terminal_output console serial
  fi
fi`;
    }
  }
  return '';
}
