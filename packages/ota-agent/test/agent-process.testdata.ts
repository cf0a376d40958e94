import type { Slot } from '@micro-linux/core';
import { main } from '../src/main.ts';
import { realSystem } from '../src/system/real-system.ts';
import type { SystemPaths } from '../src/system/system.ts';

/** A test's description of the device: where its files are, and which of them are the slots. */
export interface ProcessDevice {
  readonly paths: SystemPaths;
  readonly slots: Readonly<Record<Slot, string>>;
}

/**
 * Runs the agent as a separate process, which can receive real signals, on a device made of files.
 * Usage: node agent-process.testdata.ts DEVICE_AS_JSON ARGUMENTS
 */
if (import.meta.main) {
  const [text = ''] = process.argv.splice(2, 1);
  const { paths, slots } = JSON.parse(text) as ProcessDevice;
  await main('1.2.3', {
    ...realSystem(),
    paths,
    // Keeps entries out of the journal of the test machine.
    run: async () => ({ stdout: '', stderr: '', exitCode: 0 }),
    isRoot: () => true,
    slotDevice: (slot) => slots[slot],
    reboot: async () => undefined,
  });
}
