/** A row of a Markdown table: its cells without the spaces around them. */
export type Row = readonly string[];

/** All rows of all tables of a page, their heads and rulers left out. */
export function tableRows(text: string): Row[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const isRow = line.startsWith('|') && !isRuler(line) && !isRuler(lines[index + 1] ?? '');
    return isRow ? [cellsOf(line)] : [];
  });
}

/** The words that a cell has in backticks. */
export function quotedWords(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
}

/** What follows a heading, up to the next of the same level or higher. */
export function sectionOf(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  const level = heading.indexOf(' ');
  const end = lines.findIndex(
    (line, index) => index > start && /^#+ /.test(line) && line.indexOf(' ') <= level,
  );
  return start < 0 ? '' : lines.slice(start + 1, end < 0 ? undefined : end).join('\n');
}

function isRuler(line: string): boolean {
  return /^\|[\s:|-]+\|$/.test(line);
}

/** A pipe in a cell is written as `\|`. */
function cellsOf(line: string): string[] {
  return line
    .slice(1)
    .replace(/\|\s*$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}
