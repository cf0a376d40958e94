import type { Slot } from '@micro-linux/core';
import { afterAll } from 'vitest';
import { type ApplyDevice, applyDevice } from '../apply/apply-device.testdata.ts';
import { type SampleUpdate, sampleUpdate } from './sample-update.testdata.ts';

/** Shared fixtures of a test file. */
export interface SamplePair {
  /** Version 0.2.0; devices run 0.1.0. */
  readonly update: SampleUpdate;
  /** 0.3.0, signed by the same key. */
  readonly newer: SampleUpdate;
  /** A device of the calling test, which trusts that key. */
  device(running?: Slot): ApplyDevice;
}

/**
 * Makes two updates, which are removed after the file's tests. Call it once, outside of any test.
 */
export async function samplePair(): Promise<SamplePair> {
  const update = await sampleUpdate();
  afterAll(() => update.remove());
  const newer = await sampleUpdate({
    manifest: { version: '0.3.0' },
    privatePems: [update.privatePem],
  });
  afterAll(() => newer.remove());
  return {
    update,
    newer,
    device(running = 'A') {
      const made = applyDevice(running);
      made.trust(update.publicPem);
      return made;
    },
  };
}
