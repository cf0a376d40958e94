import { isIPv4 } from 'node:net';
import { Problem, show } from './problem.ts';

/** The kernel's limit (HOST_NAME_MAX). */
const MAXIMUM_CHARACTERS = 64;
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Refuses text that is not a host name by RFC 1123 or is too long for Linux. */
export function checkHostname(name: string): Problem | undefined {
  const ok =
    name.length <= MAXIMUM_CHARACTERS &&
    name.split('.').every((label) => LABEL.test(label)) &&
    !isIPv4(name);
  return ok
    ? undefined
    : new Problem(
        `${show(name)} is not a host name`,
        `write letters, digits and '-' inside, up to ${MAXIMUM_CHARACTERS}, such as micro-linux`,
      );
}
