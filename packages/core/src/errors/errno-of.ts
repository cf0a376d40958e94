import { MicroLinuxError } from './micro-linux-error.ts';

/**
 * The name that Node or the operating system gave an error, such as `ENOENT`; undefined for everything
 * else that can be thrown, errors of this project included.
 */
export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error &&
    !(thrown instanceof MicroLinuxError) &&
    'code' in thrown &&
    typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}
