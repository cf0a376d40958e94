import { Problem, show } from '@micro-linux/provision';

/** Kinds of units that can be enabled, disabled and masked (systemd.unit(5)). */
const KINDS = ['service', 'socket', 'target', 'timer', 'path', 'mount', 'automount', 'swap'];

const NAME = new RegExp(`^[A-Za-z0-9:_.\\\\@-]+\\.(${KINDS.join('|')})$`);
const LONGEST = 255;

/** The name of a unit, with `.service` added to one without a kind, as systemctl does. */
export function parseUnitName(text: string): string | Problem {
  const name = /\.[a-z]+$/.test(text) ? text : `${text}.service`;
  const isName = NAME.test(name) && name.length <= LONGEST && /^[^@.]/.test(name);
  return isName
    ? name
    : new Problem(
        `${show(text)} is not a unit name`,
        `write a name such as nginx.service or serial-getty@ttyS1.service, with one of .${KINDS.join(', .')}`,
      );
}

/** `getty@.service`: only instances of it can run. */
export function isTemplate(name: string): boolean {
  return /@\.[a-z]+$/.test(name);
}

/** `getty@tty1.service` → `getty@.service`; undefined for other names. */
export function templateOf(name: string): string | undefined {
  const [, prefix, kind] = /^([^@]+@)[^@]+(\.[a-z]+)$/.exec(name) ?? [];
  return prefix === undefined || kind === undefined ? undefined : `${prefix}${kind}`;
}
