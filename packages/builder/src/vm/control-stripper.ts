const ESC = '\u001b';
const BEL = '\u0007';
/** Longer than any real sequence; a longer "sequence" is text after a stray ESC. */
const LONGEST_SEQUENCE = 4096;

/** CSI: parameters, intermediates, final byte. */
const CSI = new RegExp(`^${ESC}\\[([0-?]*)[ -/]*([@-~])`);
/** OSC, DCS, SOS, PM, APC: a string up to BEL or ST. */
const CONTROL_STRING = new RegExp(`^${ESC}[\\]PX^_][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)`);
/** All others: intermediates and one final byte, e.g. ESC c or ESC ( B. */
const SHORT = new RegExp(`^${ESC}[ -/]*[0-Z\\\\^-~]`);
const UNFINISHED = new RegExp(
  `^${ESC}(?:\\[[0-?]*[ -/]*|[\\]PX^_][^${BEL}${ESC}]*${ESC}?|[ -/]*)$`,
);
/** Final bytes of the CSI sequences that move the cursor. */
const CURSOR_MOVES = new Set(['H', 'f', 'd', 'A', 'B', 'E', 'F']);

/**
 * Removes terminal control sequences from a stream of console output, so that patterns see only
 * text: removes colors, window titles, shell integration and carriage returns; turns a cursor move
 * into a line break. A sequence may be split into any number of pieces.
 */
export class ControlStripper {
  #held = '';

  /** Text in, as it arrives; plain text out. */
  push(chunk: string): string {
    let rest = this.#held + chunk;
    this.#held = '';
    let plain = '';
    while (rest !== '') {
      const at = rest.indexOf(ESC);
      if (at === -1) {
        plain += rest;
        break;
      }
      plain += rest.slice(0, at);
      rest = rest.slice(at);
      const csi = CSI.exec(rest);
      const match = csi ?? CONTROL_STRING.exec(rest) ?? SHORT.exec(rest);
      if (match) {
        plain += CURSOR_MOVES.has(csi?.[2] ?? '') ? '\n' : '';
        rest = rest.slice(match[0].length);
      } else if (UNFINISHED.test(rest) && rest.length < LONGEST_SEQUENCE) {
        this.#held = rest;
        break;
      } else {
        rest = rest.slice(ESC.length);
      }
    }
    return dropControlBytes(plain);
  }
}

function dropControlBytes(text: string): string {
  let kept = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if ((code >= 0x20 && code !== 0x7f) || character === '\n' || character === '\t') {
      kept += character;
    }
  }
  return kept;
}
