/** What decides about colour besides the stream: the process's environment, or a test's. */
export type ColourEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Whether to write colours into a stream. Only a terminal gets them, and not with `TERM=dumb` or
 * `NO_COLOR` (https://no-color.org: any text but the empty one). `FORCE_COLOR` means "also into a
 * pipe", `FORCE_COLOR=0` means never; `NO_COLOR` wins over it. `CI` says nothing about colours.
 */
export function useColour(stream: { readonly isTTY?: boolean }, env: ColourEnvironment): boolean {
  const force = env['FORCE_COLOR'] ?? '';
  if ((env['NO_COLOR'] ?? '') !== '' || force === '0' || force === 'false') {
    return false;
  }
  return force !== '' || (stream.isTTY === true && env['TERM'] !== 'dumb');
}
