import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '@micro-linux/core/files';
import { BUILD_RECORD_FILE } from '../output/directories.ts';
import type { InstalledPackage } from '../output/report/packages.ts';
import type { SizePart } from '../output/report/size-report.ts';
import type { StepTiming } from '../plan/execute.ts';
import type { ArchiveState } from '../steps/rootfs/archive-state.ts';
import type { SlotDigest } from '../steps/slot/slot-step.ts';
import { partialPath } from '../system/temporary/partial-file.ts';

/** One file a build left in artifacts/. */
export interface ArtifactRecord {
  /** Of the table `ARTIFACTS`; a seed is several files. */
  readonly kind: string;
  /** Key of the step that made it: the same key, the same artifact. Absent in older records. */
  readonly key?: string;
  /** Name in the artifacts directory; files of a seed are in a subfolder. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Modification time in milliseconds: identifies an unchanged file without reading it. */
  readonly modifiedMs: number;
  /** Of an update and an ISO: ids of the keys that signed it. */
  readonly signedBy?: readonly string[];
}

/** build.json: what was built, from what, and how long it took. Contains no secret. */
export interface BuildRecord {
  readonly schema: 1;
  readonly microLinux: string;
  readonly profile: string;
  readonly version: string;
  readonly compatible: string;
  readonly rollbackIndex: number;
  /** Ids of the keys whose updates the image accepts. */
  readonly trustedKeys: readonly string[];
  /** The image trusts the development key: it is for tests only. */
  readonly developmentKey: boolean;
  /** What the config adds to the profile, by key; absent in records of older builders. */
  readonly product?: Readonly<Record<string, unknown>>;
  /** Digest of what the slot is made from. */
  readonly buildId: string;
  /** Digest of the keys that all kinds of artifacts would have. They contain no password. */
  readonly inputs: string;
  /** Differs for each build, even with the same inputs; ties credentials.txt to the disk. */
  readonly build: string;
  readonly builtAt: string;
  readonly kernel: string;
  readonly slot: SlotDigest;
  readonly slotBytes: number;
  readonly partitions: readonly {
    readonly number: number;
    readonly name: string;
    readonly uuid: string;
    readonly startSector: number;
    readonly sectors: number;
  }[];
  readonly artifacts: readonly ArtifactRecord[];
  /** Where the packages came from; absent in records of older builders. */
  readonly archive?: ArchiveState;
  readonly sizes: readonly SizePart[];
  readonly packages: readonly InstalledPackage[];
  readonly steps: readonly StepTiming[];
  readonly seconds: number;
}

/** The record in an artifacts directory; undefined if there is no readable one. */
export async function readBuildRecord(artifacts: string): Promise<BuildRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(join(artifacts, BUILD_RECORD_FILE), 'utf8')) as
      | BuildRecord
      | undefined;
    return record?.schema === 1 ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the record by rename. */
export async function writeBuildRecord(artifacts: string, record: BuildRecord): Promise<void> {
  const path = join(artifacts, BUILD_RECORD_FILE);
  const text = `${JSON.stringify(record, null, 2)}\n`;
  await writeWhole(path, text, { partial: partialPath(path) });
}
