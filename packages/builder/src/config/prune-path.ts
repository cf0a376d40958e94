import { Problem, show } from '@micro-linux/provision';

/** Refuses a glob that is not absolute, climbs up, or would empty the image. */
export function checkPrunePath(path: string): Problem | undefined {
  const example = 'write an absolute glob such as /usr/share/fonts/*';
  if (!path.startsWith('/') || /\p{Cc}/u.test(path)) {
    return new Problem(`${show(path)} is not an absolute path`, example);
  }
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.includes('..') || parts.includes('.')) {
    return new Problem(`${show(path)} has a . or .. in it`, 'write the path without it');
  }
  return parts.every((part) => /^\*+$/.test(part))
    ? new Problem(`${show(path)} would remove the whole system`, example)
    : undefined;
}
