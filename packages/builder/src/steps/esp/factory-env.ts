import {
  type BootEnv,
  bootEnvVariables,
  confirmedMarker,
  EspPath,
  type Slot,
} from '@micro-linux/core';
import { emptyBlock, serializeBlock, setVariables } from 'grubenv';
import type { EspFile } from './esp-step.ts';

/** The only slot a new disk has. */
const FACTORY_SLOT: Slot = 'A';

/**
 * GRUB's environment as a new disk has it: slot A is the one to boot, B holds nothing, and the
 * first boot has yet to prove itself.
 *
 * @param counter boots slot A may fail before GRUB looks at the other one.
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
