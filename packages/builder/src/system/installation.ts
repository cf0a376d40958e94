import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** How a user of a checkout calls the builder. Hints are written with it. */
export const CHECKOUT_CALL = './micro-linux';

/**
 * Whether the builder runs from a checkout of its repository, and not from the npm package.
 *
 * @param root the folder that contains packages/.
 */
export function isCheckout(root: string): boolean {
  return existsSync(join(root, 'micro-linux'));
}

/** How the user calls the builder. */
export function ownCall(root: string, env: Readonly<Record<string, string | undefined>>): string {
  if (isCheckout(root)) {
    return CHECKOUT_CALL;
  }
  // npm sets this for what npx runs.
  return env['npm_command'] === 'exec' ? 'npx micro-linux' : 'micro-linux';
}

/** Hints as the user can paste them: with the user's call in the place of a checkout's. */
export function withCall(text: string, call: string): string {
  return text.replaceAll(/(?<![\w./-])\.\/micro-linux(?![\w./-])/g, call);
}
