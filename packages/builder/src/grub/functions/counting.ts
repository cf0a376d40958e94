import { MAX_TRIES } from '@micro-linux/core';

/**
 * `ml_count` and `ml_less`, as GRUB script.
 *
 * @param full what a full counter holds, 1 to {@link MAX_TRIES}.
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

`;
}
