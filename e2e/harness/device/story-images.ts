import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run, SlotPath } from '@micro-linux/core';
import { readCredentials } from 'micro-linux/vm/credentials';
import { microLinuxJson } from '../cli/micro-linux.ts';
import { SlotImage } from './slot-image.ts';
import type { Stages } from './stage.ts';
import { type StoryVersion, storyConfig } from './story-config.ts';

/** The image that devices come from, and the one that they are updated to. */
const VERSIONS: readonly StoryVersion[] = [
  { version: '1.0.0' },
  // tcpdump brings a system user of its own.
  { version: '2.0.0', packages: ['tcpdump'], kernelArguments: ['story=2'] },
];

/** Images and updates of the stories. */
export interface StoryImages {
  /** Disk of version 1.0.0, with the login of {@link StoryImages.login}. */
  readonly disk: string;
  readonly login: Stages['login'];
  /** Slot image of 2.0.0, the mother of all others. */
  readonly slot: string;
  /** Where updates are gathered: the contents of the media disk. */
  readonly updates: string;
  /** A private key that no image trusts. */
  readonly strangersKey: string;
  readonly strangersPublicKey: string;
  /** Makes a further update of a changed slot image, as `NAME.img`. */
  addUpdate(name: string, options: UpdateOptions): Promise<void>;
  /**
   * Makes an update that is applied as any other, in no time: its image holds nothing but what the
   * agent looks for before it arms a slot. It is not for booting.
   */
  addSmallUpdate(name: string, version: string): Promise<void>;
  /**
   * Makes an update that no device gets far with, of an image that holds nothing but image.json.
   *
   * @param flags more of `micro-linux update`'s options.
   */
  addEmptyUpdate(name: string, flags: readonly string[], image?: EmptyImage): Promise<void>;
}

export interface EmptyImage {
  /** Size of the image; 2 by default. */
  readonly mebibytes?: number;
  /** What its image.json says otherwise than that of 2.0.0. */
  readonly says?: Readonly<Record<string, string | number>>;
}

export interface UpdateOptions {
  readonly version: string;
  /** That of all images by default. */
  readonly rollbackIndex?: number;
  /** Changes a copy of 2.0.0's slot. */
  readonly change?: (slot: SlotImage) => Promise<void>;
}

/** Builds versions 1.0.0 and 2.0.0, at the same time: two builds, as a release and its successor. */
export async function buildStoryImages(directory: string): Promise<StoryImages> {
  const identity = join(directory, 'id');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', identity]);
  const sshKey = (await readFile(`${identity}.pub`, 'utf8')).trim();
  await microLinuxJson(['keygen', join(directory, 'keys/signing.pem')]);
  const strangersKey = join(directory, 'keys/stranger.pem');
  await microLinuxJson(['keygen', strangersKey]);
  const [one = '', two = ''] = await Promise.all(
    VERSIONS.map(async (image) => {
      const config = configPath(image.version);
      await writeFile(config, storyConfig(image, sshKey));
      const artifacts = join(directory, image.version);
      await microLinuxJson(['build', '--no-iso', '--config', config, '--artifacts', artifacts]);
      return artifacts;
    }),
  );
  const updates = join(directory, 'updates');
  await mkdir(updates);
  await rename(await realpath(join(two, UPDATE_NAME)), join(updates, 'v2.img'));
  const slot = join(directory, 'slot.ext4');
  await run('zstd', ['-q', '-d', join(updates, 'v2.img'), '-o', slot]);
  const { user, password } = await readCredentials(join(one, 'credentials.txt'));

  return {
    disk: join(one, 'micro-linux-bookworm.qcow2'),
    login: { user, identity, password },
    slot,
    updates,
    strangersKey,
    strangersPublicKey: strangersKey.replace(/\.pem$/, '.pub.pem'),
    async addUpdate(name, { version, rollbackIndex, change }) {
      const image = await SlotImage.copy(slot, join(directory, `${name}.ext4`));
      const index = rollbackIndex === undefined ? {} : { rollbackIndex };
      await image.becomes({ version, buildId: `story-${name}`, ...index });
      await change?.(image);
      await makeUpdate(name, image.path, [
        ...['--image-version', version],
        ...(rollbackIndex === undefined ? [] : ['--rollback-index', String(rollbackIndex)]),
      ]);
    },
    async addSmallUpdate(name, version) {
      const image = join(directory, `${name}.ext4`);
      const tree = join(directory, `${name}.tree`);
      const info = await SlotImage.at(slot).read(IMAGE_INFO);
      const files = {
        [SlotPath.kernel]: 'no kernel',
        [SlotPath.initrd]: 'no initrd',
        [SlotPath.grubSlotConfig]: '# nothing to start\n',
        [IMAGE_INFO]: JSON.stringify({ ...JSON.parse(info), version, buildId: `story-${name}` }),
      };
      for (const [path, content] of Object.entries(files)) {
        await mkdir(join(tree, dirname(path)), { recursive: true });
        await writeFile(join(tree, path), content);
      }
      await run('mke2fs', ['-q', '-t', 'ext4', '-b', '4096', '-d', tree, image, '4M']);
      await rm(tree, { recursive: true });
      await makeUpdate(name, image, ['--image-version', version]);
    },
    async addEmptyUpdate(name, flags, { mebibytes = 2, says = {} } = {}) {
      const image = join(directory, `${name}.ext4`);
      const tree = join(directory, `${name}.tree`);
      const info: object = JSON.parse(await SlotImage.at(slot).read(IMAGE_INFO));
      await mkdir(join(tree, dirname(IMAGE_INFO)), { recursive: true });
      await writeFile(join(tree, IMAGE_INFO), JSON.stringify({ ...info, ...says }));
      await run('mke2fs', ['-q', '-t', 'ext4', '-d', tree, image, `${mebibytes}M`]);
      await rm(tree, { recursive: true });
      await makeUpdate(name, image, flags);
    },
  };

  async function makeUpdate(name: string, image: string, flags: readonly string[]): Promise<void> {
    await microLinuxJson([
      ...['update', '--config', configPath('2.0.0'), ...flags],
      ...['--slot-image', image, '--output', join(updates, `${name}.img`)],
    ]);
    await rm(image);
  }

  function configPath(version: string): string {
    return join(directory, `${version}.yaml`);
  }
}

const IMAGE_INFO = SlotPath.imageInfo;
const UPDATE_NAME = 'micro-linux-bookworm.update.img';
