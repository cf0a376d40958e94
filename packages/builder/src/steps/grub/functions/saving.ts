import { BootVariable, MARK_PATTERN } from '@micro-linux/core';

/** `ml_save`, as GRUB script. */
export function savingFunctions(): string {
  const mark = BootVariable.bootMark;
  return `# ---- saving ----

# ml_save NAME...: saves these variables and the next mark into $ml_block, and reads the mark back:
# worn-out flash drops writes without an error. The kernel gets the mark that the disk has now,
# also when that is the old one: the initramfs looks for the disk by it.
function ml_save {
  ml_next_mark
  set ml_wanted="$${mark}"
  set ml_saved=0
  if save_env --file "$ml_block" "$@" ${mark}; then set ml_saved=1; fi
  unset ${mark}
  load_env --file "$ml_block" ${mark}
  if [ "$${mark}" != "$ml_wanted" ]; then set ml_saved=0; fi
  set ml_mark=
  if regexp '${MARK_PATTERN}' "$${mark}"; then set ml_mark="micro_linux.mark=$ml_block_name:$${mark}"; fi
  if [ "$ml_saved" = 1 ]; then return 0; fi
  return 1
}

`;
}
