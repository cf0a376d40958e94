import { ExitCode, MicroLinuxError } from '@micro-linux/core';

/** One file that cannot be in the image. */
export interface FileProblem {
  /** The key that names it: `micro-linux.yaml:3:7`; undefined: unknown. */
  readonly where?: string | undefined;
  /** Begins with the file. */
  readonly what: string;
  /** What to do instead. */
  readonly fix: string;
}

/** A folder of ten thousand wrong files needs no ten thousand lines. */
const SHOWN = 15;

/** All problems as one error. */
export function filesRefused(problems: readonly FileProblem[]): MicroLinuxError {
  const lines = problems.map(({ where, what, fix }) => ({
    text: [where, what].filter(Boolean).join(': '),
    fix,
  }));
  const [first] = lines;
  const rest = lines.length - SHOWN;
  return new MicroLinuxError({
    code: 'files-refused',
    exitCode: ExitCode.usage,
    ...(first && lines.length === 1
      ? { message: first.text, hint: first.fix }
      : {
          message: `${lines.length} files cannot be in the image`,
          why: [
            ...lines.slice(0, SHOWN).map(({ text, fix }) => `${text}\n  ${fix}`),
            ...(rest > 0 ? [`and ${rest} more`] : []),
          ].join('\n'),
          hint: 'fix these and run it again; docs/guides/files.md explains what can be where',
        }),
  });
}
