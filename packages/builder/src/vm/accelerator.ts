import { MicroLinuxError } from '@micro-linux/core';

/** `kvm`: the host's processor runs the guest; `tcg`: QEMU translates it, about ten times slower. */
export type Accelerator = 'kvm' | 'tcg';

export const ACCELERATOR_CHOICES = ['auto', 'kvm', 'tcg'] as const;
export type AcceleratorChoice = (typeof ACCELERATOR_CHOICES)[number];

/** Whether KVM runs a guest here. */
export type KvmProbe =
  | { readonly usable: true }
  | {
      readonly usable: false;
      /**
       * `denied`: this user may not open it; `absent`: missing; `broken`: no guest runs under it.
       */
      readonly kind: 'denied' | 'absent' | 'broken';
      /** The same for display; one line. */
      readonly reason: string;
    };

/** The accelerator of a machine, and why not the faster one. */
export interface ChosenAccelerator {
  readonly accelerator: Accelerator;
  /** Why `auto` did not choose KVM; one line. */
  readonly note?: string;
}

/**
 * Resolves `--accel`. `auto` uses KVM only if a guest really ran under it.
 *
 * @throws MicroLinuxError `kvm-unusable` if KVM was requested explicitly and cannot run a guest.
 */
export async function chooseAccelerator(
  choice: AcceleratorChoice,
  probe: () => Promise<KvmProbe>,
): Promise<ChosenAccelerator> {
  if (choice === 'tcg') {
    return { accelerator: 'tcg' };
  }
  const result = await probe();
  if (result.usable) {
    return { accelerator: 'kvm' };
  }
  if (choice === 'auto') {
    return { accelerator: 'tcg', note: `no KVM: ${result.reason}` };
  }
  throw new MicroLinuxError({
    code: 'kvm-unusable',
    message: 'KVM cannot run a guest on this host',
    why: result.reason,
    hint: "use --accel auto, which falls back to QEMU's own translation (slower)",
  });
}
