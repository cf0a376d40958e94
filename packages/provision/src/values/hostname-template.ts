import { checkHostname } from './hostname.ts';
import { Problem, show } from './problem.ts';

/**
 * What a host name may contain to be different on each device, with the characters it takes at
 * least. A serial number is shortened to what is left of a label; without a usable one it is
 * replaced by a MAC address, which must fit.
 */
const PLACEHOLDERS = { serial: 12, mac: 12, 'machine-id': 32 } as const;

/** Whether a host name is made by the device at its first boot. */
export function isHostnameTemplate(name: string): boolean {
  return /[{}]/.test(name);
}

/** Refuses what is neither a host name nor a template that gives one on every device. */
export function checkHostnameTemplate(name: string): Problem | undefined {
  if (!isHostnameTemplate(name)) {
    return checkHostname(name);
  }
  const known = Object.keys(PLACEHOLDERS).map((one) => `{${one}}`);
  const found = name.match(/\{[^{}]*\}/g) ?? [];
  const unknown = found.find((one) => !known.includes(one));
  if (unknown !== undefined || /[{}]/.test(name.replaceAll(/\{[^{}]*\}/g, ''))) {
    return new Problem(
      `${show(name)} contains ${unknown === undefined ? 'a single brace' : show(unknown)}`,
      `write ${known.join(', ')}, such as gw-{serial}`,
    );
  }
  if (new Set(found).size !== found.length) {
    return new Problem(`${show(name)} contains a placeholder twice`, 'write it once');
  }
  const longest = Object.entries(PLACEHOLDERS).reduce(
    (text, [key, characters]) => text.replace(`{${key}}`, 'a'.repeat(characters)),
    name,
  );
  if (longest.length > MAXIMUM_CHARACTERS) {
    return new Problem(
      `${show(name)} becomes ${longest.length} characters long`,
      `shorten it: ${MAXIMUM_CHARACTERS} is the most ({serial} and {mac} count 12, {machine-id} 32)`,
    );
  }
  return checkHostname(longest) === undefined
    ? undefined
    : new Problem(
        `${show(name)} does not become a host name`,
        "write letters, digits and '-' around the placeholders",
      );
}

/** systemd/scripts/host-name shortens a serial number so that the whole fits into one label. */
const MAXIMUM_CHARACTERS = 63;
