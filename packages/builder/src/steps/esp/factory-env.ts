import {
  type BootEnv,
  bootEnvVariables,
  confirmedMarker,
  EspPath,
  type Slot,
} from '@micro-linux/core';
import { emptyBlock, serializeBlock, setVariables } from 'grubenv';
import type { EspFile } from './esp-step.ts';

/** The only slot with a system on a new disk. */
const FACTORY_SLOT: Slot = 'A';

/**
 * GRUB's environment on a new disk: slot A boots, slot B is empty, and the first boot is a trial.
 *
 * @param counter failed boots of slot A before GRUB tries the other slot.
 */
export function factoryEnvFiles(counter: number): readonly EspFile[] {
  const env: BootEnv = {
    confirmed: FACTORY_SLOT,
    trial: undefined,
    success: false,
    counter,
    fallbackCounter: counter,
    ok: { A: true, B: false },
  };
  const block = (variables: Readonly<Record<string, string>>) =>
    serializeBlock(setVariables(emptyBlock(), variables));
  const bytes = block(bootEnvVariables(env));
  return [
    { path: EspPath.env, content: bytes },
    { path: EspPath.envCopy, content: bytes },
    { path: EspPath.confirmed, content: block(confirmedMarker(FACTORY_SLOT)) },
  ];
}
