import { Problem, show } from '@micro-linux/provision';
import { profileOf } from '../profiles/index.ts';
import type { ProfileName } from '../profiles/profile.ts';
import { VENDORS } from '../profiles/vendors.ts';
import type { MirrorConfig } from './config.ts';

const EXAMPLE = 'write an address such as https://mirror.example/ubuntu';
const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'file:', 'copy:']);

/** Reads the address of a mirror: http, https, file or copy; the result has no trailing slash. */
export function parseMirrorUrl(text: string): string | Problem {
  const url = /^\w+:\/\/\S+$/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  // Tested on the text: a URL of an unknown scheme is not split into its parts.
  if (/^\w+:\/\/[^/]*@/.test(text)) {
    return new Problem(
      'has a user name or password in it (value not shown)',
      'leave it out, since addresses end up in logs; write `machine https://HOST login NAME password SECRET` into a file of mode 0600, and name that by mirrorAuth (--mirror-auth FILE)',
    );
  }
  if (!url || !SCHEMES.has(url.protocol)) {
    return new Problem(
      `${show(text)} is not a mirror address`,
      `${EXAMPLE}; http, https, file and copy are known`,
    );
  }
  const isLocal = url.protocol === 'file:' || url.protocol === 'copy:';
  if (!isLocal && text.startsWith(`${url.protocol}///`)) {
    return new Problem(`${show(text)} has no host name`, EXAMPLE);
  }
  if (isLocal && !/^\w+:\/\/\//.test(text)) {
    return new Problem(
      `${show(text)} has a host name`,
      `write three slashes before the path: ${url.protocol}///srv/mirror`,
    );
  }
  if (url.search !== '' || url.hash !== '' || /["'\\[\]]/.test(url.pathname)) {
    return new Problem(`${show(text)} has more than host and path`, EXAMPLE);
  }
  return text.replace(/\/+$/, '');
}

/** A mirror in the config: one address, or one for each archive. */
export type MirrorDraft =
  | string
  | { readonly archive: string; readonly security?: string | undefined };

/** Both addresses of a mirror; `VENDORS` says where security updates are if only one is named. */
export function resolveMirror(
  profile: ProfileName,
  mirror: MirrorDraft | undefined,
): MirrorConfig | Problem | undefined {
  if (mirror === undefined) {
    return undefined;
  }
  const { archive, security } = typeof mirror === 'string' ? { archive: mirror } : mirror;
  if (security !== undefined) {
    return { archive, security };
  }
  const separate = VENDORS[profileOf(profile).vendor].separateSecurity;
  if (separate === undefined) {
    return { archive, security: archive };
  }
  const { archiveEnd, suffix } = separate;
  const example = `https://mirror.example${archiveEnd}`;
  return archive.endsWith(archiveEnd)
    ? { archive, security: `${archive}${suffix}` }
    : new Problem(
        `does not say where ${profile}'s security updates are: ${show(archive)} does not end in ${archiveEnd}`,
        `write both: mirror: {archive: ${example}, security: ${example}${suffix}}`,
        { at: ['mirror'] },
      );
}
