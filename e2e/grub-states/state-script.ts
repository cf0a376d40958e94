import { BOOT_VARIABLES, BootVariable } from '@micro-linux/core';
import { grubFunctions } from 'micro-linux/steps/grub/index';
import { DAMAGED, type Space, STATE_VARIABLES } from './state-space.ts';

export const PART_UUIDS = {
  A: 'AAAAAAAA-0000-4000-8000-00000000000A',
  B: 'BBBBBBBB-0000-4000-8000-00000000000B',
};

/** Directory on the read-only disk that holds a block for each combination of tokens. */
export const READ_ONLY_BLOCKS = '/blocks';

/** Directory of damaged blocks, on either disk. */
export const DAMAGED_BLOCKS = '/damaged';

/** Image of the read-only disk: GRUB's loopback device cannot be written. */
export const READ_ONLY_DISK = '/readonly.img';

/** Directory of marker files. */
export const MARKERS = '/markers';

/** The path of a block on the read-only disk; short directories, as FAT searches them in a row. */
export function blockPath(tokens: readonly string[]): string {
  const [saved, next, tries, success, counter, fallback, okA, okB] = tokens;
  return `${READ_ONLY_BLOCKS}/${saved}${next}${tries}/${success}${counter}${fallback}/${okA}${okB}`;
}

/** The mark of each block on the read-only disk. */
export const READ_ONLY_MARK = `${'5e'.repeat(16)}-7f`;

/** Names of the loop variables, in the order of STATE_VARIABLES. */
const LOOP = STATE_VARIABLES.map((_, index) => `v${index}`);

/**
 * grub.cfg for the test: the real functions, but the loop decides whether a slot "loads", and
 * booting prints the choice. Each state becomes a line that {@link file://./state-space.ts} reads.
 */
export function stateScript(options: {
  readonly bootCounter: number;
  readonly loops: readonly string[];
}): string {
  return `${grubFunctions({ partUuids: PART_UUIDS, bootCounter: options.bootCounter })}
# GRUB breaks lines where its terminal ends; a report is one line.
if serial --unit=0 --speed=115200; then terminfo -g 250x24 serial vt100; terminal_output serial; fi
set work="(memdisk)"
loopback readonly (memdisk)${READ_ONLY_DISK}
# Each state goes on with the mark of the one before, so all counts are seen; the first is damaged.
set mark=damaged

function ml_load {
  set tried="$tried$1"
  if [ "$1" = A ]; then set loads="$load_a"; else set loads="$load_b"; fi
  if [ "$loads" = 1 ]; then return 0; fi
  return 1
}

function ml_boot {
  set chosen="$1"
  return 0
}

# report BLOCK SAVES BEFORE: decides, then prints what came out. $block_file: read again afterwards.
# $mark is the block's mark.
function report {
  set tried=
  set chosen=none
  set ml_reason=
  if ml_auto; then true; fi
  set reason="$ml_reason"
  set after="$3"
  set told="$ml_mark"
  if [ -z "$told" ]; then set told=-; fi
  set before_mark="$mark"
  if [ -n "$block_file" ]; then
    ml_forget
    load_env --file "$block_file" ${BOOT_VARIABLES.join(' ')}
    set after=
${STATE_VARIABLES.map((name) => `    token "$${name}" ${name}`).join('\n')}
    set mark="$boot_mark"
  fi
  echo "R $1 $2 $load_a$load_b [$3] $chosen $reason $tried [$after] $before_mark $mark $told"
}

# token VALUE NAME: adds to "after" the value, or _ for an empty one. Deleted ones are not seen:
# GRUB cannot tell them from empty ones, so the caller's "before" decides.
function token {
  set value="$1"
  if [ -z "$value" ]; then set value=_; fi
  if [ -z "$after" ]; then set after="$value"; else set after="$after $value"; fi
}

# put FILE: writes the loop's values into a block.
function put {
${STATE_VARIABLES.map(
  (name, index) =>
    `  if [ "$${LOOP[index]}" = - ]; then unset ${name}; elif [ "$${LOOP[index]}" = _ ]; then set ${name}=; else set ${name}="$${LOOP[index]}"; fi`,
).join('\n')}
  set boot_mark="$mark"
  save_env --file "$1" ${BOOT_VARIABLES.join(' ')}
}

${options.loops.join('\n')}
echo END
reboot
`;
}

/** A piece of script that iterates over some states. */
export interface Part {
  readonly script: string;
  /** Number of reports that it prints. */
  readonly states: number;
}

/**
 * Loops over a space that run `setup` once per part and `body` in each state, where $tokens
 * contains the block's tokens. `body` prints `reports` reports.
 */
export function overBlocks(space: Space, setup: string, body: string, reports = 1): Part[] {
  const values = (name: string) => space.values[name] ?? [];
  const loop = (name: string) =>
    `for ${LOOP[STATE_VARIABLES.indexOf(name)]} in ${values(name).join(' ')}; do`;
  const inner = [BootVariable.fallbackCounter, BootVariable.okA, BootVariable.okB];
  const loads = 4;
  const states = inner.reduce((count, name) => count * values(name).length, loads * reports);
  return values(BootVariable.savedEntry).flatMap((saved) =>
    space.trials.flatMap(([next, tries]) =>
      values(BootVariable.bootSuccess).flatMap((success) =>
        values(BootVariable.bootCounter).map((counter) => ({
          states,
          script: [
            setup,
            `set v0=${saved}; set v1=${next}; set v2=${tries}; set v3=${success}; set v4=${counter}`,
            ...inner.map(loop),
            'for load_a in 0 1; do for load_b in 0 1; do',
            `set tokens="${LOOP.map((name) => `$${name}`).join(' ')}"`,
            body,
            'done; done; done; done; done',
          ].join('\n'),
        })),
      ),
    ),
  );
}

/** A loop over all ways in which both blocks can be damaged, with each marker. */
export function overDamage(): Part[] {
  const kinds = Object.keys(DAMAGED);
  return ['A', 'B', 'C', 'missing'].map((marker) => ({
    states: kinds.length ** 2 * 4,
    script: `set block_file=
set mark=-
for kind in ${kinds.join(' ')}; do
for copy_kind in ${kinds.join(' ')}; do
for load_a in 0 1; do for load_b in 0 1; do
set ml_env="(memdisk)${DAMAGED_BLOCKS}/$kind"
set ml_copy="(memdisk)${DAMAGED_BLOCKS}/$copy_kind"
set ml_marker="(memdisk)${MARKERS}/${marker}"
report marker 1 ${marker}
done; done; done; done`,
  }));
}

/**
 * Number of states per machine: GRUB gets slower with each, as its memory fragments. In QEMU
 * instructions, a state costs 1 in a run of 32, 1.1 in a run of 96 and 1.4 in a run of 192; a boot
 * costs as much as 4 states.
 */
const STATES_PER_BOOT = 144;

/** Groups parts so that each group justifies one boot. */
export function boots(parts: readonly Part[]): Part[][] {
  const groups: Part[][] = [];
  let states = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    if (states + part.states > STATES_PER_BOOT) {
      groups.push([]);
      states = 0;
    }
    groups.at(-1)?.push(part);
    states += part.states;
  }
  return groups;
}
