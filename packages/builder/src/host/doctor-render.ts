import type { Finding } from './doctor-findings.ts';
import { canBuild } from './doctor-findings.ts';

const MARK = { ok: 'ok   ', warn: 'warn ', error: 'ERROR' } as const;
const INDENT = ' '.repeat(8);

/** The findings as text: one line for what is ok, the rest with the reason and the fix. */
export function renderFindings(title: string, found: readonly Finding[]): string {
  const lines = found.flatMap(({ severity, what, why, fix }) => [
    `  ${MARK[severity]} ${what}`,
    ...labelled('why', why),
    ...labelled('try', fix),
  ]);
  const verdict = canBuild(found)
    ? 'this host can build'
    : 'this host cannot build yet: fix what is marked ERROR, from top to bottom';
  return [title, ...lines, verdict].join('\n');
}

function labelled(label: string, text: string): string[] {
  return text === ''
    ? []
    : text
        .split('\n')
        .map((line, index) => `${INDENT}${index === 0 ? `${label}: ` : '     '}${line}`);
}
