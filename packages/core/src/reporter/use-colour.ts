/** The environment that affects colors: the process's own, or a test's. */
export type ColourEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Whether to color the output of a stream. Only a terminal gets colors, and not with `TERM=dumb` or
 * `NO_COLOR` (https://no-color.org: any non-empty text). `FORCE_COLOR` means "also into a pipe",
 * `FORCE_COLOR=0` means never; `NO_COLOR` overrides it. `CI` does not affect colors.
 */
export function useColour(stream: { readonly isTTY?: boolean }, env: ColourEnvironment): boolean {
  const force = env['FORCE_COLOR'] ?? '';
  if ((env['NO_COLOR'] ?? '') !== '' || force === '0' || force === 'false') {
    return false;
  }
  return force !== '' || (stream.isTTY === true && env['TERM'] !== 'dumb');
}
