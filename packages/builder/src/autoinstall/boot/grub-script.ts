/** One word of a command, after quotes and escapes. */
export interface GrubWord {
  readonly text: string;
  /** Where it begins in the file. */
  readonly offset: number;
  /** Whether it contains a variable that the file does not set; the text leaves it out. */
  readonly hasUnknown: boolean;
}

export interface GrubCommand {
  readonly words: readonly GrubWord[];
  /** What ends it. */
  readonly end: '\n' | ';' | '{' | '}' | '|' | '&' | 'end';
}

export interface GrubScript {
  /** In the order of the file; those in menus, functions and conditions too. */
  readonly commands: readonly GrubCommand[];
  /** What GRUB cannot parse, and where; undefined if all of it parses. */
  readonly problem: { readonly offset: number; readonly what: string } | undefined;
}

/** Words before a command that are not its name. */
const KEYWORDS = ['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!'];

const NAME = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[?#*@])/;
const BRACED_NAME = /^\{(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[?#*@])\}/;

/**
 * Parses a grub.cfg by the rules of GRUB's lexer: quotes, `\`, `;`, braces, comments,
 * variables that the file sets (`set name=value`), and lines continued after `\`.
 */
export function parseGrubScript(text: string): GrubScript {
  return new Lexer(text).script();
}

class Lexer {
  readonly #text: string;
  readonly #variables = new Map<string, string | undefined>();
  readonly #commands: GrubCommand[] = [];
  /** The position of each open brace. */
  readonly #braces: number[] = [];
  #at = 0;
  #words: GrubWord[] = [];
  #problem: GrubScript['problem'];

  constructor(text: string) {
    this.#text = text;
  }

  script(): GrubScript {
    while (this.#at < this.#text.length) {
      this.#token();
    }
    this.#endCommand('end');
    const open = this.#braces.at(-1);
    if (open !== undefined) {
      this.#fail(open, 'a { is not closed');
    }
    return { commands: this.#commands, problem: this.#problem };
  }

  #token(): void {
    const character = this.#text[this.#at] ?? '';
    if (character === ' ' || character === '\t' || character === '\r') {
      this.#at++;
    } else if (character === '#') {
      const end = this.#text.indexOf('\n', this.#at);
      this.#at = end === -1 ? this.#text.length : end;
    } else if (character === '\\' && this.#text[this.#at + 1] === '\n') {
      this.#at += 2;
    } else if (/[\n;{}|&]/.test(character)) {
      this.#separator(character as '\n' | ';' | '{' | '}' | '|' | '&');
    } else {
      this.#word();
    }
  }

  #separator(character: '\n' | ';' | '{' | '}' | '|' | '&'): void {
    this.#endCommand(character);
    if (character === '{') {
      this.#braces.push(this.#at);
    } else if (character === '}' && this.#braces.pop() === undefined) {
      this.#fail(this.#at, 'a } closes nothing');
    }
    this.#at++;
  }

  #word(): void {
    const offset = this.#at;
    let text = '';
    let isQuoted = false;
    let hasUnknown = false;
    const push = () => {
      if (text !== '' || isQuoted || hasUnknown) {
        this.#words.push({ text, offset, hasUnknown });
      }
      text = '';
      isQuoted = false;
      hasUnknown = false;
    };
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (/[\s;{}|&]/.test(character)) {
        break;
      }
      if (character === '\\') {
        const next = this.#text[this.#at + 1] ?? '';
        text += next === '\n' ? '' : next;
        this.#at += 2;
      } else if (character === "'") {
        isQuoted = true;
        text += this.#singleQuoted();
      } else if (character === '"') {
        isQuoted = true;
        const quoted = this.#doubleQuoted();
        text += quoted.text;
        hasUnknown ||= quoted.hasUnknown;
      } else if (character === '$') {
        const value = this.#variable();
        hasUnknown ||= value === undefined;
        // Without quotes, blanks in a value separate words.
        const [first = '', ...others] = (value ?? '').split(/[ \t\n]+/);
        text += first;
        for (const other of others) {
          push();
          text = other;
        }
      } else {
        text += character;
        this.#at++;
      }
    }
    push();
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end === -1) {
      this.#fail(this.#at, "a ' is not closed");
    }
    const text = this.#text.slice(this.#at + 1, end === -1 ? undefined : end);
    this.#at = end === -1 ? this.#text.length : end + 1;
    return text;
  }

  #doubleQuoted(): { text: string; hasUnknown: boolean } {
    const start = this.#at;
    let text = '';
    let hasUnknown = false;
    this.#at++;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      const next = this.#text[this.#at + 1] ?? '';
      if (character === '"') {
        this.#at++;
        return { text, hasUnknown };
      }
      if (character === '\\' && ['$', '"', '\\', '\n'].includes(next)) {
        text += next === '\n' ? '' : next;
        this.#at += 2;
      } else if (character === '$') {
        const value = this.#variable();
        hasUnknown ||= value === undefined;
        text += value ?? '';
      } else {
        text += character;
        this.#at++;
      }
    }
    this.#fail(start, 'a " is not closed');
    return { text, hasUnknown };
  }

  /** The value of a variable; a `$` that starts no variable is literal. */
  #variable(): string | undefined {
    const rest = this.#text.slice(this.#at + 1, this.#at + 65);
    const name = (NAME.exec(rest) ?? BRACED_NAME.exec(rest))?.[0];
    if (name === undefined) {
      this.#at++;
      return '$';
    }
    this.#at += 1 + name.length;
    return this.#variables.get(name.replace(/^\{|\}$/g, ''));
  }

  #endCommand(end: GrubCommand['end']): void {
    let words = this.#words;
    this.#words = [];
    while (words.length > 0 && KEYWORDS.includes(words[0]?.text ?? '')) {
      words = words.slice(1);
    }
    if (words.length > 0) {
      this.#commands.push({ words, end });
      this.#assign(words);
    }
  }

  /** `set name=value` and `name=value`. A variable set to two values is unknown. */
  #assign(words: readonly GrubWord[]): void {
    const [first, second] = words;
    const word = first?.text === 'set' ? second : first;
    const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word?.text ?? '');
    if (match?.[1] === undefined) {
      return;
    }
    const [, name, value = ''] = match;
    const before = this.#variables.get(name);
    const isSame = !word?.hasUnknown && (before === value || !this.#variables.has(name));
    this.#variables.set(name, isSame ? value : undefined);
  }

  #fail(offset: number, what: string): void {
    this.#problem ??= { offset, what };
  }
}
