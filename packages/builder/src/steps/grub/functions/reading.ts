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
  if [ -f "$ml_env" ]; then
    if load_env --file "$ml_env" ${BOOT_VARIABLES.join(' ')}; then
      if regexp '^[AB]$' "$${BootVariable.savedEntry}"; then
        set ml_source=env
        set ml_block="$ml_env"
        set ml_block_name=${MarkedBlock.env}
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
        set ml_block_name=${MarkedBlock.copy}
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

`;
}
