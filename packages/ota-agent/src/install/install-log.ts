import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printableText } from '@micro-linux/core';
import type { Progress } from '../progress/progress.ts';

/** Bytes kept in memory; beyond that the oldest output is dropped. */
const LIMIT = 1 << 20;

/** Log of an installation, saved on the new disk for root alone: commands may print secrets. */
export class InstallLog {
  #text = '';
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  readonly add = (text: string): void => {
    if (text.trim() !== '') {
      const line = `${this.#now().toISOString()} ${printableText(text.trimEnd(), LIMIT)}\n`;
      this.#text = (this.#text + line).slice(-LIMIT);
    }
  };

  /** The same progress, also written to the log. */
  follow(progress: Progress): Progress {
    return {
      step: (id, title) => {
        const step = progress.step(id, title);
        this.add(`begin: ${title}`);
        return {
          advance: (done, total) => step.advance(done, total),
          done: (note) => {
            this.add(`done: ${title}${note === undefined ? '' : ` (${note})`}`);
            step.done(note);
          },
          failed: () => {
            this.add(`FAILED: ${title}`);
            step.failed();
          },
        };
      },
    };
  }

  /** Writes it below the root of a data partition, readable only by root. */
  async save(root: string): Promise<void> {
    const directory = join(root, 'var/log/installer');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'install.log'), this.#text, { mode: 0o600 });
  }
}
