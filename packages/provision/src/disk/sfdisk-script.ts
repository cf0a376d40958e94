import { derivedUuid } from './derived-uuid.ts';
import type { PlacedPartition } from './disk-layout.ts';

/** The PARTUUID of a partition of the disk made by a build; lower case. */
export function partitionUuid(buildId: string, name: string): string {
  return derivedUuid(buildId, 'partition', name);
}

/** Input for sfdisk(8): the whole GPT, with fixed GUIDs so that a rebuild is the same. */
export function sfdiskScript(layout: readonly PlacedPartition[], buildId: string): string {
  const lines = layout.map((partition) => {
    const fields = [
      `start=${partition.start}`,
      `size=${partition.sectors}`,
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
    'sector-size: 512',
    ...lines,
    '',
  ].join('\n');
}
