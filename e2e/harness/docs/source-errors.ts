import { ExitCode } from '@micro-linux/core';
import { balanced } from './balanced.ts';

/** An error code where a source file makes an error of it. */
export interface CodeUse {
  readonly code: string;
  /** The exit code that goes with it; undefined where it is not a constant. */
  readonly exit: number | undefined;
}

/** What makes errors, and the exit code that it gives them if none stands beside the code. */
const MAKERS: Readonly<Record<string, number>> = {
  'new MicroLinuxError': ExitCode.failed,
  // packages/update-image/src/update-error.ts
  rejected: ExitCode.rejected,
  failed: ExitCode.failed,
  ioFailure: ExitCode.failed,
  // packages/builder/src/jobs/remaster/source/source-error.ts
  sourceError: ExitCode.usage,
  // packages/builder/src/keys/read-key-file.ts
  keyError: ExitCode.usage,
  // packages/ota-agent/src/raw-device/device-error.ts
  deviceError: ExitCode.failed,
  // packages/core/src/run/run.ts
  failure: ExitCode.failed,
};

const MAKER = new RegExp(`(?<![\\w.])(${Object.keys(MAKERS).join('|')})\\(`, 'g');
/** `code: 'a'`, `code: b === 'x' ? 'a' : 'c'`, `code: d.code ?? 'e'`; the part that is a code. */
const CODE = /(?<![\w.])code:\s*(?:[^\n,]*\?\s*)?((?:'[a-z0-9-]+'[\s:]*)+)/;
const WORD = /'([a-z0-9]+(?:-[a-z0-9]+)*)'/g;

/**
 * Every error that a source file makes with a code of its own. Works on the text: a code that is
 * neither written out beside `code:` nor the first argument of a maker is not found.
 */
export function codeUses(source: string): CodeUse[] {
  return [...source.matchAll(MAKER)].flatMap((match) => {
    const call = balanced(source, match.index + match[0].length - 1);
    const maker = match[1] ?? '';
    return codesOf(call).map((code) => ({ code, exit: exitOf(call, MAKERS[maker]) }));
  });
}

/** Codes of errors that are not thrown: rows of a table, results with `ok: false`. */
export function resultCodes(source: string): string[] {
  return [...source.matchAll(/(?<!addIssue\(\{\s*)\bcode:([^\n]+),\s+message:/g)].flatMap(([all]) =>
    codesOf(all),
  );
}

function codesOf(call: string): string[] {
  const [, first] = /^\(\s*'([a-z0-9-]+)'/.exec(call) ?? [];
  const written = CODE.exec(call)?.[1] ?? '';
  return first === undefined ? [...written.matchAll(WORD)].map(([, code = '']) => code) : [first];
}

function exitOf(call: string, otherwise: number | undefined): number | undefined {
  // packages/ota-agent/src/apply/refusals.ts
  if (call.includes('...REJECTED')) {
    return ExitCode.rejected;
  }
  const written = /(?<![\w.])exitCode(?::\s*([\w.]+))?/.exec(call);
  if (!written) {
    return otherwise;
  }
  const [, name] = /^ExitCode\.(\w+)$/.exec(written[1] ?? '') ?? [];
  return Object.entries(ExitCode).find(([known]) => known === name)?.[1];
}
