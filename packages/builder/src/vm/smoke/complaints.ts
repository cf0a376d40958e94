const MOST = 5;

/**
 * The failures that systemd printed on a console, each once: they may explain why ssh does not
 * answer.
 */
export function complaints(consoleText: string): string[] {
  const lines = consoleText
    .split('\n')
    .filter((line) => /^\[ *(FAILED|DEPEND) *\]/.test(line))
    .map((line) => `console: ${line.trim()}`);
  return [...new Set(lines)].slice(0, MOST);
}
