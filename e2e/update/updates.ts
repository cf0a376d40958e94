import type { EmptyImage, StoryImages, UpdateOptions } from '../harness/device/story-images.ts';
import { inPool } from '../harness/in-pool.ts';
import { workers } from '../workers.ts';
import { BROKEN, type Broken } from './broken.ts';

/** An update of an image that contains only its image.json. */
interface EmptyUpdate extends EmptyImage {
  readonly flags: readonly string[];
}

/** Good ones, for five in a row with 2.0.0. */
export const LATER_VERSIONS = ['3.0.0', '4.0.0', '5.0.0', '6.0.0'] as const;

/** The name of a good update. */
export function updateOf(version: string): string {
  return `v${version.split('.')[0]}`;
}

/** Complete ones that only stories of the matrix need, by name. */
export type MoreUpdates = Readonly<Record<string, UpdateOptions>>;

/** Makes every update the stories need, and puts them where the media disk comes from. */
export async function addUpdates(images: StoryImages, more: MoreUpdates = {}): Promise<void> {
  const whole: readonly (readonly [string, UpdateOptions])[] = [
    ...LATER_VERSIONS.map((version) => [updateOf(version), { version }] as const),
    ...Object.entries<Broken>(BROKEN).map(
      ([name, { change }]) => [name, { version: '2.1.0', change }] as const,
    ),
    ['no-kernel', { version: '2.1.0', change: (slot) => slot.remove('/boot/vmlinuz') }],
    ...Object.entries(more),
  ];
  await inPool(workers(), whole, ([name, options]) => images.addUpdate(name, options));
  await images.addSmallUpdate('small', '3.0.0');
  const empty: Readonly<Record<string, EmptyUpdate>> = {
    older: { flags: ['--image-version', '0.9.0'], says: { version: '0.9.0' } },
    'other-product': {
      flags: ['--compatible', 'another-product'],
      says: { compatible: 'another-product' },
    },
    'low-index': { flags: ['--rollback-index', '0'], says: { rollbackIndex: 0 } },
    unsigned: { flags: ['--detached'] },
    'unknown-key': {
      flags: ['--key', images.strangersKey, '--trusted-key', images.strangersPublicKey],
    },
    // For devices with larger slots.
    'too-large': { flags: ['--slot-size', '1100M', '--disk-size', '4G'], mebibytes: 1024 },
  };
  await inPool(workers(), Object.entries(empty), ([name, { flags, ...image }]) =>
    images.addEmptyUpdate(name, flags, image),
  );
}
