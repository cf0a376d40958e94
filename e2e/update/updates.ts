import type { StoryImages } from '../harness/device/story-images.ts';
import { BROKEN } from './broken.ts';

/** Good ones, for five in a row with 2.0.0. */
export const LATER_VERSIONS = ['3.0.0', '4.0.0', '5.0.0', '6.0.0'] as const;

/** The name of a good update. */
export function updateOf(version: string): string {
  return `v${version.split('.')[0]}`;
}

/** Makes every update the stories need, and puts them where the media disk comes from. */
export async function addUpdates(images: StoryImages): Promise<void> {
  for (const version of LATER_VERSIONS) {
    await images.addUpdate(updateOf(version), { version });
  }
  for (const [name, { change }] of Object.entries(BROKEN)) {
    await images.addUpdate(name, { version: '2.1.0', change });
  }
  await images.addUpdate('no-kernel', {
    version: '2.1.0',
    change: (slot) => slot.remove('/boot/vmlinuz'),
  });
  await images.addEmptyUpdate('older', ['--image-version', '0.9.0']);
  await images.addEmptyUpdate('other-product', ['--compatible', 'another-product']);
  await images.addEmptyUpdate('low-index', ['--rollback-index', '0']);
  await images.addEmptyUpdate('unsigned', ['--detached']);
  await images.addEmptyUpdate('unknown-key', ['--key', images.strangersKey]);
  await images.addEmptyUpdate('too-large', [], 1024);
}
