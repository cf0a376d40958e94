import { copyFile, open } from 'node:fs/promises';
import { run } from '@micro-linux/core';

/** An ISO whose files are changed where they lie, as a bad medium or a bad person would. */
export class ChangedIso {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async copy(iso: string, to: string): Promise<ChangedIso> {
    await copyFile(iso, to);
    return new ChangedIso(to);
  }

  /** The content of a file. */
  async read(name: string): Promise<Buffer> {
    const { offset, bytes } = await this.#place(name);
    const file = await open(this.path);
    try {
      const buffer = Buffer.alloc(bytes);
      await file.read(buffer, 0, bytes, offset);
      return buffer;
    } finally {
      await file.close();
    }
  }

  /** Puts other content of the same length in its place. */
  async write(name: string, content: Buffer): Promise<void> {
    const { offset, bytes } = await this.#place(name);
    if (content.length !== bytes) {
      throw new RangeError(`${name} has ${bytes} bytes, not ${content.length}`);
    }
    const file = await open(this.path, 'r+');
    try {
      await file.write(content, 0, bytes, offset);
    } finally {
      await file.close();
    }
  }

  async #place(name: string): Promise<{ offset: number; bytes: number }> {
    const { stdout } = await run('xorriso', [
      ...['-no_rc', '-indev', `stdio:${this.path}`],
      ...['-find', name, '-exec', 'report_lba', '--'],
    ]);
    // File data lba:  extent , start , blocks , bytes , 'name'
    const [, start, bytes] = /^File data lba: +\d+ , +(\d+) , +\d+ , +(\d+) ,/m.exec(stdout) ?? [];
    if (start === undefined || bytes === undefined) {
      throw new Error(`no ${name} on ${this.path}: ${stdout}`);
    }
    return { offset: Number(start) * 2048, bytes: Number(bytes) };
  }
}
