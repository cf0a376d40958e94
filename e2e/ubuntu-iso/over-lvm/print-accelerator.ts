import { start } from '@micro-linux/core';
import { chooseAccelerator } from '../../../packages/builder/src/vm/accelerator.ts';
import { probeKvm } from '../../../packages/builder/src/vm/kvm-probe.ts';

/** Prints what QEMU's -accel should be here: a KVM that cannot run a guest is not one. */
const { accelerator } = await chooseAccelerator('auto', () => probeKvm({ start }));
console.log(accelerator === 'tcg' ? 'tcg,thread=multi' : accelerator);
