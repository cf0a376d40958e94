import { MicroLinuxError } from '@micro-linux/core';

/** Maximum number of lines shown from another program. */
const SHOWN_LINES = 6;

/** Messages of apt and mmdebstrap for well-known failures, and the fix for each. */
const EXPLANATIONS: readonly { pattern: RegExp; code: string; message: string; hint: string }[] = [
  {
    pattern: /E: Unable to locate package (\S+)|E: Package '(\S+)' has no installation candidate/,
    code: 'package-unknown',
    message: 'the archive has no package named $1',
    hint: 'correct the name under packages.add or kernel.package in micro-linux.yaml',
  },
  {
    pattern: /401 {2}Unauthorized/,
    code: 'archive-login',
    message: 'the archive requires a login',
    hint: 'name a file with the login: mirrorAuth in micro-linux.yaml, or --mirror-auth FILE (docs/reference/config.md)',
  },
  {
    pattern: /NO_PUBKEY (\S+)|not signed|BADSIG|EXPKEYSIG/,
    code: 'keyring-wrong',
    message: 'the archive is not signed by a key of the keyring',
    hint: 'set keyring: in micro-linux.yaml to the keyring of this archive, or signedBy: of its entry under repositories to its key',
  },
  {
    pattern: /No space left on device/,
    code: 'disk-full',
    message: 'the build host ran out of disk space',
    hint: 'free some space, or point TMPDIR and XDG_CACHE_HOME at a larger disk',
  },
  {
    pattern: /Hash Sum mismatch|File has unexpected size/,
    code: 'mirror-broken',
    message: 'the mirror served files that do not match its own index',
    hint: 'try again in a few minutes, or set another mirror: in micro-linux.yaml',
  },
  {
    pattern: /E: Failed to fetch (\S+)|Temporary failure resolving|Could not connect/,
    code: 'archive-unreachable',
    message: 'packages could not be fetched from the archive',
    hint: 'check the network, or set another mirror: in micro-linux.yaml',
  },
];

/**
 * Turns a failure of mmdebstrap into an error with a fix, without the command, which is long and in
 * the log. Returns other errors unchanged.
 */
export function explainMmdebstrap(thrown: unknown): unknown {
  if (!(thrown instanceof MicroLinuxError) || thrown.code !== 'tool-failed') {
    return thrown;
  }
  for (const { pattern, code, message, hint } of EXPLANATIONS) {
    const match = pattern.exec(thrown.cause instanceof Error ? thrown.cause.message : '');
    if (match) {
      return new MicroLinuxError({
        code,
        message: message.replace('$1', match[1] ?? match[2] ?? ''),
        why: shortWhy(thrown),
        hint,
        details: logOf(thrown),
        cause: thrown,
      });
    }
  }
  return new MicroLinuxError({
    code: thrown.code,
    message: thrown.message,
    why: shortWhy(thrown),
    hint: 'the log has every command and its output; try again, or report it with its last lines',
    details: logOf(thrown),
    cause: thrown,
  });
}

/** The errors it printed, or its last lines; and where the rest is. */
function shortWhy({ why = '', details, cause }: MicroLinuxError): string {
  const text = cause instanceof Error ? cause.message : '';
  const errors = [...new Set(text.split('\n').filter((line) => /^(?:E|error):/.test(line)))];
  // The message of `run` for a failed program includes the command, which is long.
  const isOutput = typeof details['command'] === 'string';
  const tail = (isOutput ? text.trimEnd() : why).split('\n');
  const said = errors.length > 0 ? errors : tail;
  const log = details['log'];
  return [
    ...said.slice(-SHOWN_LINES),
    ...(typeof log === 'string' ? [`full log: ${log}`] : []),
  ].join('\n');
}

function logOf({ details }: MicroLinuxError): Readonly<Record<string, string>> {
  const log = details['log'];
  return typeof log === 'string' ? { log } : {};
}
