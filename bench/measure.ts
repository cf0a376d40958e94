import { run } from '@micro-linux/core';

/** Duration of a command, in seconds. */
export interface Measured {
  readonly wall: number;
  /** Of all its processes: noisy neighbours hardly change it. */
  readonly cpu: number;
  readonly stdout: string;
}

/** Runs a shell command line and measures it. */
export async function measure(command: string): Promise<Measured> {
  const startedAt = performance.now();
  // `times` of sh: its own on the first line, its children's on the second.
  const { stdout, stderr } = await run('sh', [
    '-c',
    `${command}\nstatus=$?\ntimes >&2\nexit $status`,
  ]);
  const wall = (performance.now() - startedAt) / 1000;
  const [user = 0, system = 0] = [
    ...(stderr.trimEnd().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g),
  ].map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds));
  return { wall, cpu: user + system, stdout };
}

/** Figures by name, with the ratio of each to a reference of the same round. */
export class Rounds {
  readonly #values = new Map<string, number[]>();

  /** Adds both figures of a command, as `NAME wall` and `NAME cpu`. */
  note(name: string, { wall, cpu }: Measured): void {
    this.add(`${name} wall`, wall);
    this.add(`${name} cpu`, cpu);
  }

  add(name: string, value: number): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }

  /** NaN when there is none. */
  median(name: string): number {
    return middle(this.#values.get(name) ?? []);
  }

  /** Median of the ratios within each round. */
  ratio(name: string, reference: string): number {
    const against = this.#values.get(reference) ?? [];
    return middle(
      (this.#values.get(name) ?? []).map((value, round) => value / (against[round] ?? Number.NaN)),
    );
  }

  /** One line of the results: medians, and ratios to another of the same round. */
  line(name: string, reference: string): string {
    const part = (kind: string) => {
      const milliseconds = this.median(`${name} ${kind}`) * 1000;
      const ratio = this.ratio(`${name} ${kind}`, `${reference} ${kind}`);
      return `${kind} ${milliseconds.toFixed(0)} ms, ${ratio.toFixed(2)} ×`;
    };
    return `${name.padEnd(26)} ${part('wall')}; ${part('cpu')}`;
  }
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
