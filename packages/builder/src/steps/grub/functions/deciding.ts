import { BootVariable, EnvVariable, MAX_TRIES, slotOkVariable } from '@micro-linux/core';
import { PAUSE_SECONDS } from './pause.ts';
import { standingChain } from './standing-rules.ts';

/**
 * `ml_auto` and `ml_pick`, with the trial and the standing rules, as GRUB script.
 *
 * @param full value of a full counter, 1 to 7.
 */
export function decidingFunctions(full: number): string {
  return `# ---- deciding ----

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
  if ml_save ${[BootVariable.nextEntry, BootVariable.nextTries, BootVariable.bootSuccess].join(' ')}; then
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
${standingChain(full)}
  set ${BootVariable.bootSuccess}=0
  if ml_save ${[BootVariable.bootSuccess, BootVariable.bootCounter, BootVariable.fallbackCounter].join(' ')}; then
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
    if ml_save ${BootVariable.bootSuccess}; then true; fi
  fi
  set ml_reason=manual
  if ml_try "$1"; then return 0; fi
  echo "micro-linux: slot $1 contains no system that can be started."
  echo 'micro-linux: going on with the automatic choice.'
  sleep ${PAUSE_SECONDS}
  if ml_auto; then return 0; fi
  return 1
}

`;
}
