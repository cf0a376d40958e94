import { MIB, type Reporter } from '@micro-linux/core';
import { expect, it, vi } from 'vitest';
import type { Config } from '../../config/config.ts';
import { checkSlotFits } from './slot-fit.ts';

const config = { disk: { slotBytes: 100 * MIB } } as Config;
const reporter = () =>
  ({ warn: vi.fn() }) as unknown as Reporter & { warn: ReturnType<typeof vi.fn> };

it('refuses an image larger than its slot', () => {
  expect(() => checkSlotFits({ bytes: 101 * MIB }, config, reporter())).toThrow(
    /101 MiB of 100 MiB/,
  );
});

it('warns only if later versions will not fit', () => {
  const [tight, roomy] = [reporter(), reporter()];
  checkSlotFits({ bytes: 81 * MIB }, config, tight);
  expect(tight.warn).toHaveBeenCalledOnce();
  checkSlotFits({ bytes: 80 * MIB }, config, roomy);
  expect(roomy.warn).not.toHaveBeenCalled();
});
