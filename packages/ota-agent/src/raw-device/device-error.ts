import { limitHint, MicroLinuxError } from '@micro-linux/core';

/** The failed action, by error code. The codes say "slot" for every device. */
const ACTIONS = {
  'slot-unopenable': 'open',
  'slot-read-failed': 'read',
  'slot-write-failed': 'write',
} as const;

/** The error for a device that cannot be opened, read or written; includes the kernel's reason. */
export function deviceError(code: keyof typeof ACTIONS, path: string, cause: unknown) {
  return new MicroLinuxError({
    code,
    message: `cannot ${ACTIONS[code]} ${path}`,
    why: cause instanceof Error ? cause.message : String(cause),
    hint: limitHint(cause) ?? 'look into the kernel’s log (dmesg): the disk may be failing',
    details: { device: path },
    cause,
  });
}

/** The error for a device that is in use; `why` lists the uses, one per line. */
export function deviceInUse(path: string, why: string) {
  return new MicroLinuxError({
    code: 'slot-mounted',
    message: `${path} is in use`,
    why,
    hint: `unmount it: umount ${path}`,
    details: { device: path },
  });
}
