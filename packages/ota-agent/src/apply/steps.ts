import { MIB, type Slot } from '@micro-linux/core';
import { PAGE_BYTES } from '../raw-device/raw-device.ts';

/** The steps of an apply, in order; docs/explanation/apply.md gives the reasons for the order. */
export type ApplyStep =
  | { readonly kind: 'accept'; readonly slot: Slot }
  | { readonly kind: 'baseline' }
  | { readonly kind: 'begin'; readonly slot: Slot; readonly version: string }
  | { readonly kind: 'condemn'; readonly slot: Slot; readonly confirmed: Slot }
  | { readonly kind: 'forget'; readonly slot: Slot }
  | { readonly kind: 'wipe'; readonly slot: Slot }
  | {
      readonly kind: 'write';
      readonly slot: Slot;
      readonly bytes: number;
      readonly chunks: number;
      /** Chunks that an earlier run claims to have written. */
      readonly claimed: number;
    }
  | { readonly kind: 'expose'; readonly slot: Slot }
  | { readonly kind: 'inspect'; readonly slot: Slot; readonly version: string }
  | { readonly kind: 'remember'; readonly slot: Slot }
  | { readonly kind: 'trial'; readonly slot: Slot; readonly tries: number }
  | { readonly kind: 'arm'; readonly slot: Slot; readonly tries: number }
  | { readonly kind: 'finish'; readonly slot: Slot; readonly version: string }
  | { readonly kind: 'reboot' };

export type StepKind = ApplyStep['kind'];

export type StepOf<Kind extends StepKind> = Extract<ApplyStep, { kind: Kind }>;

/** A step in a few words, as `--dry-run` and the progress show it. */
export function describeStep(step: ApplyStep): string {
  switch (step.kind) {
    case 'accept':
      return `confirm slot ${step.slot} for this boot, though its rollback index is too low`;
    case 'baseline':
      return 'record what works now, to compare with it after the update';
    case 'begin':
      return `record that ${step.version} is being written to slot ${step.slot}`;
    case 'condemn':
      return `set GRUB to boot only slot ${step.confirmed}: slot ${step.slot} is not ok`;
    case 'forget':
      return `delete the record of slot ${step.slot}`;
    case 'wipe':
      return `wipe the first ${PAGE_BYTES / 1024} KiB of slot ${step.slot}: nothing can load it`;
    case 'write':
      return `write ${mib(step.bytes)} in ${step.chunks} chunks to slot ${step.slot} and read them back${
        step.claimed === 0 ? '' : `; ${step.claimed} of them may be there already`
      }`;
    case 'expose':
      return `write and read back the first ${PAGE_BYTES / 1024} KiB of slot ${step.slot}`;
    case 'inspect':
      return `check that slot ${step.slot} can boot and is ${step.version}`;
    case 'remember':
      return `record what slot ${step.slot} contains`;
    case 'trial':
      return `prepare the trial of slot ${step.slot}`;
    case 'arm':
      return `set GRUB to try slot ${step.slot} ${step.tries === 1 ? 'once' : `${step.tries} times`}`;
    case 'finish':
      return `record that ${step.version} is installed in slot ${step.slot}`;
    case 'reboot':
      return 'restart the machine';
  }
}

const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
