import { join } from 'node:path';
import { MIB } from '@micro-linux/core';
import { DISK_FORMATS, type DiskFormat, type DiskFormatName } from '../output/disk-formats.ts';
import { stepResult } from '../plan/step-directory.ts';
import { diskImageStep } from '../steps/disk/disk-image-step.ts';
import type { BuildPlan } from '../steps/plan-build.ts';
import type { Artifact } from './artifact.ts';
import type { ArtifactRecord } from './build-record.ts';
import { readyArtifact } from './ready-artifact.ts';

/** The disk that boots, in one of its forms. */
export function diskImage(name: DiskFormatName): Artifact {
  const format: DiskFormat = DISK_FORMATS[name];
  const step = ({ steps, placement, name: artifact }: BuildPlan) =>
    diskImageStep({
      format: name,
      image: stepResult(steps.disk, placement).image,
      disk: steps.disk,
      name: artifact,
    });
  return {
    step,
    files: 1,
    holdsLogin: true,
    boots: 'disk',
    holdsSeed: false,
    signed: false,
    tools: [],
    ready: (kind, { plan, signal }) =>
      readyArtifact(kind, stepResult(step(plan), plan.placement).image, signal, {
        sparse: format.sparse === true,
      }),
    ...(format.sparse && { summary: sparseSummary }),
  };
}

/** The apparent size of a sparse file. */
function sparseSummary(records: readonly ArtifactRecord[], artifacts: string): readonly string[] {
  return records.map(
    ({ file, bytes }) => `  ${join(artifacts, file)}  ${(bytes / MIB).toFixed(0)} MiB, sparse`,
  );
}
