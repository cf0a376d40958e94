import { GrubEnvError } from '../grubenv-error.ts';

/** The parsed command line. */
export type Command =
  | { readonly verb: 'help' }
  | { readonly verb: 'version' }
  | { readonly verb: 'create'; readonly file: string }
  | { readonly verb: 'list'; readonly file: string; readonly json: boolean }
  | {
      readonly verb: 'set';
      readonly file: string;
      readonly pairs: readonly (readonly [string, string])[];
    }
  | { readonly verb: 'unset'; readonly file: string; readonly names: readonly string[] };

/**
 * Reads the command line. Arguments after `set` and `unset` are taken literally, even with a
 * leading dash: GRUB allows any variable name.
 *
 * @throws GrubEnvError `usage`
 */
export function parseArgv(argv: readonly string[]): Command {
  const options = new Set<string>();
  const words: string[] = [];
  for (const word of argv) {
    const isOperand = words[1] === 'set' || words[1] === 'unset';
    if (!isOperand && word.startsWith('-') && word !== '-') {
      options.add(checkedOption(word));
    } else {
      words.push(checkedUtf8(word));
    }
  }
  if (options.has('--help') || options.has('-h')) {
    return { verb: 'help' };
  }
  if (options.has('--version') || options.has('-V')) {
    return { verb: 'version' };
  }
  return parseWords(words, options.has('--json'));
}

function parseWords(words: readonly string[], json: boolean): Command {
  const [file, verb, ...operands] = words;
  if (file === undefined) {
    throw usage('no file was given', 'the first word is the block file, the second what to do');
  }
  if (file === '-' || file === '') {
    throw usage('name the block file', 'unlike grub-editenv, there is no default file');
  }
  if (json && verb !== 'list') {
    throw usage('--json is for list only', 'the other verbs print nothing');
  }
  switch (verb) {
    case 'create':
    case 'list':
      if (operands.length > 0) {
        throw usage(
          `${verb} takes no more arguments`,
          `it was given ${JSON.stringify(operands[0])}`,
        );
      }
      return verb === 'list' ? { verb, file, json } : { verb, file };
    case 'set':
      return { verb, file, pairs: atLeastOne(verb, operands).map(splitPair) };
    case 'unset':
      return { verb, file, names: atLeastOne(verb, operands) };
    case undefined:
      throw usage('no command was given', 'after the file comes create, list, set or unset');
    default:
      throw usage(
        `unknown command ${JSON.stringify(verb)}`,
        'the commands are create, list, set and unset',
      );
  }
}

function splitPair(operand: string): readonly [string, string] {
  const equals = operand.indexOf('=');
  if (equals === -1) {
    throw usage(
      `${JSON.stringify(operand)} has no "="`,
      'set takes NAME=VALUE; nothing was changed',
    );
  }
  return [operand.slice(0, equals), operand.slice(equals + 1)];
}

function atLeastOne(verb: string, operands: readonly string[]): readonly string[] {
  if (operands.length === 0) {
    throw usage(`${verb} needs at least one variable`, 'nothing came after it');
  }
  return operands;
}

function checkedOption(word: string): string {
  if (!['--json', '--help', '-h', '--version', '-V'].includes(word)) {
    throw usage(
      `unknown option ${JSON.stringify(word)}`,
      'options come before the arguments of set and unset',
    );
  }
  return word;
}

function checkedUtf8(word: string): string {
  // Node has already replaced invalid bytes with U+FFFD; the originals are lost.
  if (word.includes('\uFFFD')) {
    throw usage('an argument is not valid UTF-8', 'storing it would change its bytes');
  }
  return word;
}

function usage(message: string, why: string): GrubEnvError {
  return new GrubEnvError({ code: 'usage', message, why, hint: 'grubenv --help' });
}
