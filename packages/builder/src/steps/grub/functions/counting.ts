import {
  BootVariable,
  FACTORY_MARK,
  MARK_DIGITS,
  MARK_PATTERN,
  MAX_TRIES,
} from '@micro-linux/core';

/**
 * `ml_count`, `ml_less` and `ml_next_mark`, as GRUB script.
 *
 * @param full value of a full counter, 1 to {@link MAX_TRIES}.
 */
export function countingFunctions(full: number): string {
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

# ml_next_mark: raises the count after the dash of ${BootVariable.bootMark}: the next digit is the one
# after it in the list.
function ml_next_mark {
  if regexp '${MARK_PATTERN}' "$${BootVariable.bootMark}"; then true; else set ${BootVariable.bootMark}=${FACTORY_MARK}; fi
  regexp --set=1:ml_seed --set=2:ml_high --set=3:ml_low '${MARK_PATTERN}' "$${BootVariable.bootMark}"
  regexp --set=1:ml_low "$ml_low(.)" ${MARK_DIGITS}0
  if [ "$ml_low" = 0 ]; then regexp --set=1:ml_high "$ml_high(.)" ${MARK_DIGITS}0; fi
  set ${BootVariable.bootMark}="$ml_seed-$ml_high$ml_low"
}

`;
}
