import { type EnvBlock, type EnvEntry, usedBytes } from './block.ts';
import { isByteString } from './byte-string.ts';
import { escapeValue } from './escape.ts';
import { BLOCK_BYTES } from './format.ts';
import { GrubEnvError } from './grubenv-error.ts';
import { blockFull } from './serialize.ts';

/**
 * Sets a variable as GRUB's `save_env` and grub-editenv's `set` do: an existing variable keeps its
 * place, a new one goes after the last line.
 *
 * @param name byte string, not empty, without `=`, newline, zero byte or leading `#`
 * @param value byte string without zero bytes; may be empty and may contain anything else
 * @returns a new block; the input is not changed
 * @throws GrubEnvError `block-full`, `invalid-name` or `invalid-value`
 */
export function setVariable(block: EnvBlock, name: string, value: string): EnvBlock {
  checkName(name);
  checkValue(name, value);
  const entry: EnvEntry = { kind: 'entry', name, value, raw: `${name}=${escapeValue(value)}\n` };
  const at = block.lines.findIndex((line) => line.kind === 'entry' && line.name === name);
  const lines = at === -1 ? [...block.lines, entry] : block.lines.with(at, entry);
  const edited = { ...block, lines };
  if (usedBytes(edited) > BLOCK_BYTES) {
    throw blockFull(usedBytes(edited), `setting ${JSON.stringify(name)}`);
  }
  return edited;
}

/**
 * Sets several variables in the order given. All or none: on an error there is no partly edited
 * block.
 *
 * @param variables pairs of name and value, or an object
 * @throws as {@link setVariable}
 */
export function setVariables(
  block: EnvBlock,
  variables: Iterable<readonly [string, string]> | Readonly<Record<string, string>>,
): EnvBlock {
  const pairs = Symbol.iterator in variables ? variables : Object.entries(variables);
  let edited = block;
  for (const [name, value] of pairs) {
    edited = setVariable(edited, name, value);
  }
  return edited;
}

/**
 * Removes a variable; the following lines move up. A variable that is not set is not an error, as
 * in grub-editenv.
 *
 * @param name byte string; an empty name is accepted here, so that it can be removed
 * @throws GrubEnvError `invalid-name`
 */
export function unsetVariable(block: EnvBlock, name: string): EnvBlock {
  if (name !== '') {
    checkName(name);
  }
  const lines = block.lines.filter((line) => line.kind !== 'entry' || line.name !== name);
  return { ...block, lines };
}

/** Names that grub-editenv accepts but GRUB cannot read back, or reads differently. */
function checkName(name: string): void {
  const why = nameFault(name);
  if (why !== undefined) {
    throw new GrubEnvError({
      code: 'invalid-name',
      message: `${JSON.stringify(name)} cannot be the name of a variable`,
      why,
      hint: 'use letters, digits and "_"; encode other text with fromUtf8',
    });
  }
}

function nameFault(name: string): string | undefined {
  if (name === '') {
    return 'the name is empty';
  }
  if (name.startsWith('#')) {
    return 'GRUB reads a line that begins with "#" as a comment';
  }
  if (name.includes('=')) {
    return 'GRUB ends the name at the first "="';
  }
  if (name.includes('\n')) {
    return 'GRUB does not escape newlines in names';
  }
  return byteFault(name);
}

function checkValue(name: string, value: string): void {
  const why = byteFault(value);
  if (why !== undefined) {
    throw new GrubEnvError({
      code: 'invalid-value',
      message: `the value for ${JSON.stringify(name)} cannot be stored`,
      why,
      hint: 'encode text beyond latin1 with fromUtf8, and leave out zero bytes',
    });
  }
}

function byteFault(text: string): string | undefined {
  if (text.includes('\0')) {
    return 'GRUB would end it at the zero byte';
  }
  return isByteString(text)
    ? undefined
    : 'it contains a character that is not one byte (above U+00FF)';
}
