import { Problem, show } from '@micro-linux/provision';

/** Keys the builder itself puts on the command line: a second one would override or conflict. */
const OURS: Readonly<Record<string, string>> = {
  root: 'leave it out: the boot loader names the slot',
  ro: 'leave it out: the slot is always mounted read-only',
  rw: 'leave it out: the slot is always mounted read-only',
  console: 'write it under `console`',
};

/** Refuses an argument that the builder sets itself or that GRUB would interpret. */
export function checkKernelArgument(argument: string): Problem | undefined {
  const [key = ''] = argument.split('=', 1);
  const ours = Object.hasOwn(OURS, key) ? OURS[key] : undefined;
  if (ours !== undefined) {
    return new Problem(`${show(argument)} is set by the builder`, ours);
  }
  if (/\s/.test(argument)) {
    return new Problem(
      `${show(argument)} contains several arguments`,
      'write each as an entry of its own, or all as one text instead of a list',
    );
  }
  // Nothing with a meaning in GRUB's script language is allowed, above all quotes and $.
  return /^[A-Za-z0-9_.][A-Za-z0-9_.,:=@%+/~!-]*$/.test(argument)
    ? undefined
    : new Problem(
        `${show(argument)} has a character that GRUB would interpret`,
        'write letters, digits and . , : = @ % + / ~ ! _ - only, such as quiet or mitigations=off',
      );
}

/** The arguments of a line, split at whitespace. */
export function splitKernelArguments(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== '');
}
