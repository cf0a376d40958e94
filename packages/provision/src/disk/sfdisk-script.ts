import { SECTOR_BYTES } from '@micro-linux/core';
import { derivedUuid } from './derived-uuid.ts';
import type { PlacedPartition } from './disk-layout.ts';
import type { SectorBytes } from './sector-bytes.ts';

/** The PARTUUID of a partition on the disk of a build, in lower case. */
export function partitionUuid(buildId: string, name: string): string {
  return derivedUuid(buildId, 'partition', name);
}

/**
 * Input for sfdisk(8): the whole GPT, with fixed GUIDs, so a rebuild gives the same disk.
 *
 * @param sectorBytes of the disk; the unit of all numbers in the script.
 */
export function sfdiskScript(
  layout: readonly PlacedPartition[],
  buildId: string,
  sectorBytes: SectorBytes = SECTOR_BYTES,
): string {
  const sectors = (number: number) => (number * SECTOR_BYTES) / sectorBytes;
  const lines = layout.map((partition) => {
    const fields = [
      `start=${sectors(partition.start)}`,
      `size=${sectors(partition.sectors)}`,
      `type=${partition.type}`,
      `uuid=${partitionUuid(buildId, partition.name)}`,
      `name=${partition.name}`,
    ];
    return `${partition.number} : ${fields.join(', ')}`;
  });
  return [
    'label: gpt',
    `label-id: ${derivedUuid(buildId, 'disk')}`,
    'unit: sectors',
    `sector-size: ${sectorBytes}`,
    ...lines,
    '',
  ].join('\n');
}
