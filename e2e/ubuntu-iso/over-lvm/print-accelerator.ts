import { start } from '@micro-linux/core';
import { chooseAccelerator } from 'micro-linux/vm/accelerator';
import { probeKvm } from 'micro-linux/vm/kvm-probe';

/** Prints what QEMU's -accel should be here: a KVM that cannot run a guest does not count. */
const { accelerator } = await chooseAccelerator('auto', () => probeKvm({ start }));
console.log(accelerator === 'tcg' ? 'tcg,thread=multi' : accelerator);
