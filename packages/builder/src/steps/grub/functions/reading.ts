import { BOOT_VARIABLES, BootVariable, EnvVariable, MarkedBlock, NO_MARK } from '@micro-linux/core';

/** Without next_entry: the copy must never start a trial. */
const COPY_VARIABLES = BOOT_VARIABLES.filter(
  (name) => name !== BootVariable.nextEntry && name !== BootVariable.nextTries,
);

/** `ml_read`: chooses the valid block of the three and reads it, as GRUB script. */
export function readingFunctions(): string {
  return `# ---- reading: a block that names no confirmed slot counts as damaged ----

function ml_forget {
${BOOT_VARIABLES.map((name) => `  unset ${name}\n`).join('')}}

# Sets ml_source (env, copy, marker or none), ml_block (what ml_save may write), ml_mark and the
# variables.
function ml_read {
  set ml_source=none
  set ml_block=
  set ml_mark=micro_linux.mark=${NO_MARK}
  ml_forget
${readBlock('env', BOOT_VARIABLES)}  echo 'micro-linux: grubenv is damaged, reading its copy'
  ml_forget
${readBlock('copy', COPY_VARIABLES)}  echo 'micro-linux: grubenv.copy is damaged too, reading the marker'
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

`;
}

/** Reads one of the two blocks, and returns from `ml_read` if it names a confirmed slot. */
function readBlock(source: keyof typeof MarkedBlock, variables: readonly string[]): string {
  return `  if [ -f "$ml_${source}" ]; then
    if load_env --file "$ml_${source}" ${variables.join(' ')}; then
      if regexp '^[AB]$' "$${BootVariable.savedEntry}"; then
        set ml_source=${source}
        set ml_block="$ml_${source}"
        set ml_block_name=${MarkedBlock[source]}
        return 0
      fi
    fi
  fi
`;
}
