import type { SeedFinding } from './finding.ts';

/** Findings for people: the place, what is wrong, and on the next line what to write instead. */
export function renderFindings(file: string, findings: readonly SeedFinding[]): string {
  return findings
    .map(({ rule, severity, path, line, column, problem, fix }) => {
      const where = [`${file}:${line}:${column}`, severity, path].filter((part) => part !== '');
      return `${where.join(': ')}: ${problem} [${rule}]\n  ${fix}`;
    })
    .join('\n');
}

/** `2 errors, 1 warning`; `no errors, no warnings`. */
export function countFindings(findings: readonly SeedFinding[]): string {
  const count = (severity: SeedFinding['severity']) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return `${number === 0 ? 'no' : number} ${severity}${number === 1 ? '' : 's'}`;
  };
  return `${count('error')}, ${count('warning')}`;
}
