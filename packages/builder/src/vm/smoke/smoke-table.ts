import type { CheckResult, SmokeResult } from './smoke-result.ts';

const PLAIN = { pass: 'ok', fail: 'FAIL', skip: '-' } as const;

/** A result for display: a table of checks by firmware, then the failures. */
export function renderSmoke(result: SmokeResult): string {
  const titles = result.runs[0]?.checks.map(({ title }) => title) ?? [];
  const rows = [
    ['check', ...result.runs.map(({ firmware }) => firmware)],
    ...titles.map((title, row) => [title, ...result.runs.map(({ checks }) => cell(checks[row]))]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const table = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...table, ...result.runs.flatMap(failures)].join('\n');

  function failures({ firmware, checks, consoleLog }: SmokeResult['runs'][number]): string[] {
    const failed = checks.filter(({ status }) => status === 'fail');
    return failed.length === 0
      ? []
      : [
          '',
          ...failed.map(
            ({ title, note }) =>
              `${firmware}: ${title}: FAILED\n  ${note.replaceAll('\n', '\n  ')}`,
          ),
          `  console: ${consoleLog}`,
        ];
  }
}

function cell(check: CheckResult | undefined): string {
  if (!check) {
    return '';
  }
  const note = check.status === 'pass' && check.note !== '' ? ` ${check.note}` : '';
  return `${PLAIN[check.status]}${note}`;
}
