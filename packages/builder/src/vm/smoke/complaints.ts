const MOST = 5;

/** What systemd said on a console that it could not do, each once: it may tell why ssh is silent. */
export function complaints(consoleText: string): string[] {
  const lines = consoleText
    .split('\n')
    .filter((line) => /^\[ *(FAILED|DEPEND) *\]/.test(line))
    .map((line) => `console: ${line.trim()}`);
  return [...new Set(lines)].slice(0, MOST);
}
