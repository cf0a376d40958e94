/** Duration of some work, in seconds. */
export interface Spent {
  readonly wall: number;
  /** Of all threads of this process: noisy neighbours hardly change it. */
  readonly cpu: number;
}

/** Runs `work` and measures it. */
export async function spent(work: () => Promise<unknown> | unknown): Promise<Spent> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - startedAt) / 1000, cpu: (user + system) / 1e6 };
}

/** Measurements by name. */
export class Samples {
  readonly #values = new Map<string, number[]>();

  add(name: string, { wall, cpu }: Spent): void {
    this.addNumber(`${name} wall`, wall);
    this.addNumber(`${name} cpu`, cpu);
  }

  addNumber(name: string, value: number): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }

  /** NaN when there is none. */
  median(name: string): number {
    const sorted = [...(this.#values.get(name) ?? [])].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  }

  /** Medians of what was added: seconds on the wall, and of CPU time in brackets. */
  show(name: string): string {
    return `${this.median(`${name} wall`).toFixed(2)} (${this.median(`${name} cpu`).toFixed(2)})`;
  }
}

/** A Markdown table. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}
