import { listIn } from '@micro-linux/provision';
import type { Remark } from '../check/finding.ts';
import type { Seed } from '../seed/parse-seed.ts';

const LISTS = ['early-commands', 'late-commands', 'error-commands'];

/** A NoCloud seed on a kernel command line whose semicolon is not protected by quotes or `\`. */
const BARE_SEMICOLON = /(?:^|[^"'\\])ds=nocloud(?:-net)?;/;

const REBOOT =
  /^\s*(?:sudo\s+)?(?:systemctl\s+(?:-\S+\s+)*(?:reboot|poweroff|halt|kexec)|reboot|poweroff|halt|shutdown)\b/;

/** Commands in a seed that cannot be intended. */
export function commandRemarks({ autoinstall, base }: Seed): Remark[] {
  return LISTS.flatMap((name) =>
    listIn(autoinstall, name).flatMap((command, index): Remark[] => {
      const path = [...base, name, index];
      const text = Array.isArray(command) ? command.map(String).join(' ') : command;
      if (typeof text !== 'string') {
        return [];
      }
      return [
        ...(BARE_SEMICOLON.test(text)
          ? [
              {
                rule: 'semicolon',
                path,
                problem: 'has ds=nocloud; without quotes: GRUB and sh end the command at the `;`',
                fix: 'write "ds=nocloud;s=/cdrom/nocloud/" with the quotes, or ds=nocloud\\;s=…',
              } as const,
            ]
          : []),
        ...(name !== 'error-commands' && text.split(/[\n;]|&&|\|\|/).some((one) => REBOOT.test(one))
          ? [
              {
                rule: 'command-reboot',
                path,
                problem:
                  'stops the machine while the installer runs, before logs and disks are written',
                fix: 'write shutdown: reboot or shutdown: poweroff instead',
              } as const,
            ]
          : []),
      ];
    }),
  );
}
