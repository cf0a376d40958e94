import { ExitCode, MIB, MicroLinuxError, SECTOR_BYTES } from '@micro-linux/core';
import { isSectorBytes, SECTOR_SIZES, type SectorBytes } from '@micro-linux/provision';
import type { InstallFacts } from './install-facts.ts';
import type { EspImage } from './steps.ts';

/** The image of the ESP for a disk with these sectors. */
export function espImage(sectorBytes: SectorBytes): EspImage {
  return sectorBytes === SECTOR_BYTES ? 'esp' : 'esp4k';
}

/**
 * Whether ESP and slot image of a medium fit the sizes that their partitions get.
 *
 * @throws MicroLinuxError `install-esp-size`, `image-too-large`.
 */
export function checkSizes(
  sizes: { readonly espBytes: number; readonly slotBytes: number },
  { manifest, imageBytes }: Pick<InstallFacts, 'manifest' | 'imageBytes'>,
  image: EspImage,
): void {
  const espBytes = manifest.files[image].imageBytes;
  if (sizes.espBytes !== espBytes) {
    throw new MicroLinuxError({
      code: 'install-esp-size',
      message: `the ESP is to have ${sizes.espBytes / MIB} MiB, the medium's has ${espBytes / MIB}`,
      why: 'the ESP is written as one image',
      hint: 'make seed and medium with the same disk.esp',
      exitCode: ExitCode.usage,
    });
  }
  if (sizes.slotBytes < imageBytes) {
    throw new MicroLinuxError({
      code: 'image-too-large',
      message: `the image is ${Math.ceil(imageBytes / MIB)} MiB, and a slot is ${sizes.slotBytes / MIB} MiB`,
      hint: 'make the slots larger: disk.slot in micro-linux.yaml',
      exitCode: ExitCode.rejected,
    });
  }
}

/**
 * The size of a disk's logical sectors.
 *
 * @throws MicroLinuxError `install-sector-size`.
 */
export function sectorsOf({
  disk,
  firmware,
}: Pick<InstallFacts, 'disk' | 'firmware'>): SectorBytes {
  const { path, logicalBlockBytes: bytes } = disk;
  if (!isSectorBytes(bytes)) {
    throw new MicroLinuxError({
      code: 'install-sector-size',
      message: `${path} has sectors of ${bytes} bytes`,
      why: `images are made for sectors of ${SECTOR_SIZES.join(' and ')} bytes`,
      hint: 'use another disk',
      exitCode: ExitCode.failed,
    });
  }
  if (bytes !== SECTOR_BYTES && firmware === 'bios') {
    throw new MicroLinuxError({
      code: 'install-sector-size',
      message: `${path} has sectors of ${bytes} bytes, and this machine was started by a BIOS`,
      why: 'no BIOS boots from such a disk; UEFI does',
      hint: 'switch the firmware to UEFI and start the medium again, or use a disk with sectors of 512 bytes',
      exitCode: ExitCode.failed,
    });
  }
  return bytes;
}
