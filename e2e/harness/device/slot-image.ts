import { copyFile, open, rm, writeFile } from 'node:fs/promises';
import { run, SlotPath } from '@micro-linux/core';
import { debugfs } from '../cli/debugfs.ts';

/** What an image says of itself in its image.json. */
export interface ImageWords {
  readonly version: string;
  readonly buildId: string;
  readonly rollbackIndex?: number;
}

/**
 * A copy of a slot image that is changed file by file, by debugfs: without root, and without a build.
 * Paths are absolute ones inside the image.
 */
export class SlotImage {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** The image itself, to read from. */
  static at(image: string): SlotImage {
    return new SlotImage(image);
  }

  /** @param path Where the copy goes; what is beside it while it is changed is removed again. */
  static async copy(image: string, path: string): Promise<SlotImage> {
    await copyFile(image, path);
    return new SlotImage(path);
  }

  async read(path: string): Promise<string> {
    return debugfs(this.path, `cat ${path}`);
  }

  /** The text of a short link. */
  async linkTarget(path: string): Promise<string> {
    const target = /Fast link dest: "([^"]+)"/.exec(await debugfs(this.path, `stat ${path}`))?.[1];
    if (target === undefined) {
      throw new Error(`${path} of ${this.path} is no link`);
    }
    return target;
  }

  /** Writes a file, in place of one that is there; its directory must exist. */
  async write(path: string, content: string, mode = 0o644): Promise<void> {
    const source = `${this.path}.content`;
    await writeFile(source, content);
    await this.#debugfs([
      `rm ${path}`,
      `write ${source} ${path}`,
      `set_inode_field ${path} mode 0${(0o100000 | mode).toString(8)}`,
    ]);
    await rm(source);
  }

  /** Says of itself that it is another version, of another build. */
  async becomes(says: ImageWords): Promise<void> {
    const info = JSON.parse(await this.read(SlotPath.imageInfo)) as Record<string, unknown>;
    await this.write(SlotPath.imageInfo, JSON.stringify({ ...info, ...says }));
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#debugfs([`mkdir ${path}`]);
  }

  /** Takes files and links away; one that is not there is a mistake in the story. */
  async remove(...paths: readonly string[]): Promise<void> {
    const complaints = await this.#debugfs(paths.map((path) => `rm ${path}`));
    if (/not found|No such/i.test(complaints)) {
      throw new Error(`cannot remove ${paths.join(', ')} of ${this.path}: ${complaints}`);
    }
  }

  async link(path: string, target: string): Promise<void> {
    await this.#debugfs([`symlink ${path} ${target}`]);
  }

  /** Turns bytes in the middle of a file into others, as a bad disk or a bad build would. */
  async corrupt(path: string): Promise<void> {
    const blocks = (await debugfs(this.path, `blocks ${path}`)).trim().split(/\s+/).map(Number);
    const middle = blocks[Math.floor(blocks.length / 2)];
    if (middle === undefined || !(middle > 0)) {
      throw new Error(`${path} of ${this.path} has no blocks`);
    }
    const file = await open(this.path, 'r+');
    try {
      await file.write(Buffer.alloc(BLOCK_BYTES, 0x5a), 0, BLOCK_BYTES, middle * BLOCK_BYTES);
    } finally {
      await file.close();
    }
  }

  /** A unit that starts on its own in every boot. */
  async addService(name: string, lines: readonly string[]): Promise<void> {
    const unit = `/usr/lib/systemd/system/${name}.service`;
    await this.write(unit, `${lines.join('\n')}\n`);
    await this.link(`/usr/lib/systemd/system/multi-user.target.wants/${name}.service`, unit);
  }

  /** Throws unless the file system is sound. */
  async check(): Promise<void> {
    await run('e2fsck', ['-fn', this.path]);
  }

  async #debugfs(commands: readonly string[]): Promise<string> {
    const { stderr } = await run('debugfs', ['-w', '-f', '-', this.path], {
      input: `${commands.join('\n')}\n`,
    });
    return stderr;
  }
}

/** Of every slot image: packages/builder/scripts/make-ext4.sh. */
const BLOCK_BYTES = 4096;
