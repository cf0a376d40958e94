import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A case of an oracle, as a line of JSON for its program. */
export interface Case {
  readonly id: string;
}

/**
 * Asks the program of an oracle about cases, one JSON object a line each way, and returns its answers in
 * the order of the cases, as they come.
 *
 * @param command the program and its arguments.
 * @throws Error if it does not answer every case in order.
 */
export async function* ask<Asked extends Case, Answer extends Case>(
  cases: readonly Asked[],
  [program = 'false', ...args]: readonly string[],
): AsyncGenerator<readonly [Asked, Answer]> {
  const started = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(started, 'close');
  started.stdin.on('error', () => {}).end(cases.map((one) => `${JSON.stringify(one)}\n`).join(''));
  let index = 0;
  for await (const line of createInterface({ input: started.stdout })) {
    const one = cases[index++];
    const answer = JSON.parse(line) as Answer;
    if (one === undefined || one.id !== answer.id) {
      throw new Error(`the answer to ${one?.id} is for ${answer.id}`);
    }
    yield [one, answer];
  }
  await closed;
  if (index < cases.length) {
    throw new Error(`${program} answered ${index} of ${cases.length} cases`);
  }
}

/** Counts lines of a table, and prints them with the most frequent first. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(line: string): void {
    this.#counts.set(line, (this.#counts.get(line) ?? 0) + 1);
  }

  print(): void {
    for (const [line, count] of [...this.#counts].toSorted((one, other) => other[1] - one[1])) {
      process.stdout.write(`${String(count).padStart(6)}  ${line}\n`);
    }
  }
}
