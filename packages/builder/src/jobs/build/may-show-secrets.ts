/**
 * Whether a secret may be printed to a stream: it is a terminal, and not recorded. Some CI services
 * give their jobs a terminal and log its output; all of them set `CI`.
 */
export function mayShowSecrets(
  stream: NodeJS.WritableStream,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const isTerminal = 'isTTY' in stream && stream.isTTY === true;
  return isTerminal && ['', '0', 'false'].includes(env['CI']?.toLowerCase() ?? '');
}
