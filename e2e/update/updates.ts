import type { StoryImages, UpdateOptions } from '../harness/device/story-images.ts';
import { inPool } from '../harness/in-pool.ts';
import { workers } from '../workers.ts';
import { BROKEN, type Broken } from './broken.ts';

/** Good ones, for five in a row with 2.0.0. */
export const LATER_VERSIONS = ['3.0.0', '4.0.0', '5.0.0', '6.0.0'] as const;

/** The name of a good update. */
export function updateOf(version: string): string {
  return `v${version.split('.')[0]}`;
}

/** Makes every update the stories need, and puts them where the media disk comes from. */
export async function addUpdates(images: StoryImages): Promise<void> {
  const whole: readonly (readonly [string, UpdateOptions])[] = [
    ...LATER_VERSIONS.map((version) => [updateOf(version), { version }] as const),
    ...Object.entries<Broken>(BROKEN).map(
      ([name, { change }]) => [name, { version: '2.1.0', change }] as const,
    ),
    ['no-kernel', { version: '2.1.0', change: (slot) => slot.remove('/boot/vmlinuz') }],
  ];
  await inPool(workers(), whole, ([name, options]) => images.addUpdate(name, options));
  await images.addSmallUpdate('small', '3.0.0');
  const empty = {
    older: ['--image-version', '0.9.0'],
    'other-product': ['--compatible', 'another-product'],
    'low-index': ['--rollback-index', '0'],
    unsigned: ['--detached'],
    'unknown-key': ['--key', images.strangersKey, '--trusted-key', images.strangersPublicKey],
  };
  await inPool(workers(), Object.entries(empty), ([name, flags]) =>
    images.addEmptyUpdate(name, flags),
  );
  await images.addEmptyUpdate('too-large', [], 1024);
}
