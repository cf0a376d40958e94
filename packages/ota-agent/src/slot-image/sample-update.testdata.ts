import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, SlotPath } from '@micro-linux/core';
import type { Manifest } from '@micro-linux/update-image';
import { makeUpdate } from '@micro-linux/update-image/testing';
import { generateKeyPair } from '@micro-linux/update-image/write';

/** Options of a sample; all are optional. */
export interface SampleOptions {
  /** Overrides fields of the manifest. */
  readonly manifest?: Partial<Manifest>;
  /** Overrides files of the image, by path; null leaves one out. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Length of the image in KiB. */
  readonly kib?: number;
  /** PEM of the keys that sign; a new one by default. */
  readonly privatePems?: readonly string[];
}

/** A small but real update.img: a real ext4, compressed, signed. */
export interface SampleUpdate {
  readonly path: string;
  readonly manifest: Manifest;
  /** The slot image, byte for byte. */
  readonly image: Buffer;
  /** Public half of the signing key. */
  readonly publicPem: string;
  readonly privatePem: string;
  remove(): void;
}

export async function sampleUpdate(options: SampleOptions = {}): Promise<SampleUpdate> {
  const directory = mkdtempSync(join(tmpdir(), 'ota-agent-update-'));
  const at = (name: string) => join(directory, name);
  const own = generateKeyPair();
  const version = options.manifest?.version ?? '0.2.0';
  const described = {
    compatible: 'micro-linux-bookworm-amd64',
    version,
    rollbackIndex: 0,
    buildId: `build-of-${version}`,
    ...options.manifest,
  };
  makeTree(at('tree'), {
    '/boot/vmlinuz-1': 'a kernel',
    [SlotPath.initrd]: 'an initrd',
    [SlotPath.grubSlotConfig]: 'set slot_args=quiet\n',
    [SlotPath.imageInfo]: JSON.stringify(described),
    '/etc/motd': `welcome to ${version}\n`,
    '/usr/bin/noise': noise(version, 120_000),
    ...options.files,
  });
  if (options.files?.[SlotPath.kernel] !== null) {
    symlinkSync('vmlinuz-1', join(at('tree'), SlotPath.kernel));
  }
  await run('/usr/sbin/mke2fs', [
    ...['-q', '-t', 'ext4', '-O', '^has_journal', '-b', '1024', '-E', 'root_owner=0:0'],
    ...['-d', at('tree'), at('image'), `${options.kib ?? 320}k`],
  ]);
  const { manifest } = await makeUpdate({
    image: at('image'),
    payload: at('payload'),
    output: at('update.img'),
    manifest: described,
    privatePems: options.privatePems ?? [own.privatePem],
  });
  return {
    path: at('update.img'),
    manifest,
    image: readFileSync(at('image')),
    publicPem: own.publicPem,
    privatePem: own.privatePem,
    remove: () => rmSync(directory, { recursive: true }),
  };
}

function makeTree(root: string, files: Readonly<Record<string, string | null>>): void {
  for (const [path, content] of Object.entries(files)) {
    if (content !== null) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  }
}

/** Text that hardly compresses, different for each seed. */
function noise(seed: string, length: number): string {
  let state = [...seed].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) >>> 0;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(36);
  }
  return text.slice(0, length);
}
