import { DOWNLOAD_HINT, sourceError } from '../source/source-error.ts';

/** Id of our entry, by which it is the default. */
const ENTRY_ID = 'micro-linux';

export interface MenuOptions {
  /** For display; no quotes. */
  readonly title: string;
  /** Consoles of the kernel, such as `ttyS0,115200`; the last one is /dev/console. */
  readonly consoles: readonly string[];
  /** Seconds during which a key stops it; undefined: decided by the GRUB that calls this menu. */
  readonly countdownSeconds: number | undefined;
}

/**
 * Adds an entry for the unattended installation at the top of a GRUB menu and makes it the default;
 * all other entries follow. It boots the kernel of the first entry that boots the installer, with
 * the same arguments.
 *
 * @param path for the error: `/boot/grub/grub.cfg`.
 * @throws MicroLinuxError `source-iso-incomplete`: no entry boots the installer.
 */
export function addInstallEntry(text: string, path: string, options: MenuOptions): string {
  const lines = text.split('\n');
  const model = installerEntry(lines);
  const top = lines.findIndex((line) => /^\s*(?:menuentry|submenu)\s/.test(line));
  if (!model) {
    throw sourceError('source-iso-incomplete', {
      message: `no entry of ${path} boots the installer`,
      why: 'looked for a menuentry with lines `linux /casper/…` and `initrd /casper/…`',
      hint: DOWNLOAD_HINT,
    });
  }
  const entry = [
    `menuentry "${options.title}" --id ${ENTRY_ID} {`,
    ...model.map((line) => (isKernel(line) ? withArguments(line, options.consoles) : line)),
    '}',
  ];
  const before = lines.slice(0, top).filter((line) => !isChoice(line, options));
  const after = lines.slice(top).filter((line) => !isChoice(line, options));
  return [
    ...before,
    `set default="${ENTRY_ID}"`,
    ...(options.countdownSeconds === undefined ? [] : [`set timeout=${options.countdownSeconds}`]),
    ...entry,
    ...after,
  ].join('\n');
}

/** The lines inside the first entry that boots the installer. */
function installerEntry(lines: readonly string[]): readonly string[] | undefined {
  for (const [index, line] of lines.entries()) {
    if (/^\s*menuentry\s.*\{\s*$/.test(line)) {
      const length = lines.slice(index + 1).findIndex((one) => /^\s*\}\s*$/.test(one));
      const inside = lines.slice(index + 1, index + 1 + length);
      if (inside.some(isKernel) && inside.some((one) => /^\s*initrd\S*\s+\/casper\//.test(one))) {
        return inside;
      }
    }
  }
  return undefined;
}

function isKernel(line: string): boolean {
  return /^\s*linux(?:efi)?\s+\/casper\//.test(line);
}

/** Whether a line would choose another entry, hide the menu or show it for another time. */
function isChoice(line: string, { countdownSeconds }: MenuOptions): boolean {
  return (
    /^\s*set\s+(?:default|timeout_style)=/.test(line) ||
    (countdownSeconds !== undefined && /^\s*set\s+timeout=/.test(line))
  );
}

/** Arguments after `---` are for the installed system, so ours must be before it. */
function withArguments(line: string, consoles: readonly string[]): string {
  const [, before = line, after = ' ---'] = /^(.*?)(\s+---(?:\s.*)?)$/.exec(line) ?? [];
  const ours = [
    'autoinstall',
    // GRUB would end the command at a bare semicolon.
    '"ds=nocloud;s=/cdrom/nocloud/"',
    // Without it, partitions get no names and types.
    'subiquity-storage-version=2',
    ...consoles.map((console) => `console=${console}`),
  ];
  return `${before.trimEnd()} ${ours.join(' ')} ${after.trimStart()}`;
}
