import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Accelerator } from './accelerator.ts';
import { type Firmware, type FirmwareKind, findUefiFiles } from './firmware.ts';
import { bootDisk, type ImageFile } from './image-file.ts';
import { type PortForward, QEMU, qemuArguments } from './qemu-arguments.ts';
import { overlayArguments } from './workspace.ts';

/** The machine to print the commands for. */
export interface VmPlanOptions {
  readonly image: ImageFile;
  readonly firmware: FirmwareKind;
  readonly accelerator: Accelerator;
  readonly memoryMib: number;
  readonly cpus: number;
  readonly forwards: readonly PortForward[];
  readonly keep: boolean;
  readonly window: boolean;
}

/**
 * The commands that boot an image when pasted into a terminal; runs none of them.
 *
 * @returns Programs with their arguments, in order.
 * @throws MicroLinuxError `firmware-missing`.
 */
export async function planVm(options: VmPlanOptions): Promise<string[][]> {
  const { image, keep } = options;
  const directory = join(tmpdir(), 'micro-linux-vm');
  const overlay = join(directory, 'overlay.qcow2');
  const variables = join(directory, `${options.firmware}-variables.fd`);
  const files = options.firmware === 'bios' ? undefined : await findUefiFiles(options.firmware);
  const firmware: Firmware =
    options.firmware === 'bios' || !files
      ? { kind: 'bios' }
      : { kind: options.firmware, code: files.code, variables };
  return [
    ['mkdir', '-p', directory],
    ...(keep ? [] : [['qemu-img', ...overlayArguments(image, overlay)]]),
    ...(files ? [['cp', files.variables, variables]] : []),
    [
      QEMU,
      ...qemuArguments({
        firmware,
        accelerator: options.accelerator,
        memoryMib: options.memoryMib,
        cpus: options.cpus,
        disks: [
          keep
            ? { path: image.path, format: image.format, ...bootDisk(image) }
            : { path: overlay, format: 'qcow2', ...bootDisk(image) },
        ],
        serial: { kind: 'terminal' },
        network: { forwards: options.forwards },
        watchdog: true,
        noReboot: false,
        display: options.window ? 'window' : 'none',
      }),
    ],
  ];
}
