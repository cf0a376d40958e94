import * as z from 'zod';
import { ARTIFACT_KINDS } from '../../artifacts/index.ts';
import { PROFILE_NAMES } from '../../profiles/index.ts';
import {
  configFile,
  count,
  field,
  flag,
  packageAge,
  sha256,
  sizes,
  slot,
  steps,
  text,
  texts,
  time,
} from './shared.ts';

/** build.json, which the outputs carry as `record`. */
export const buildRecord = z.strictObject({
  schema: field(z.literal(1), 'Of the record.'),
  microLinux: text('Version of the builder.'),
  profile: field(z.enum(PROFILE_NAMES), 'Distribution.'),
  version: text('Version of the image.'),
  compatible: text('Product id.'),
  rollbackIndex: count('Devices accept no image below the highest index that was healthy on them.'),
  trustedKeys: texts('Ids of the keys whose updates the image accepts.'),
  developmentKey: flag('It trusts the development key: for tests only.'),
  product: field(
    z.looseObject({}).optional(),
    'What the config adds to the profile, by key. Absent in records of older builders.',
  ),
  buildId: text('Digest of what the slot is made from.'),
  inputs: text('Digest of the keys that all kinds of artifacts would have.'),
  build: text('Differs with each build; ties credentials.txt to the disk.'),
  builtAt: time('When'),
  kernel: text('Package of the kernel.'),
  slot,
  slotBytes: count('Size of a slot.'),
  partitions: field(
    z.array(
      z.strictObject({
        number: count('In the partition table.'),
        name: text('Its name there.'),
        uuid: text('Its GUID.'),
        startSector: count('Of 512 bytes.'),
        sectors: count('Of 512 bytes.'),
      }),
    ),
    'Of the disk image.',
  ),
  artifacts: field(
    z.array(
      z.strictObject({
        kind: field(z.enum(ARTIFACT_KINDS), 'What it is.'),
        key: text(
          'Digest of what decides it; the same key, the same artifact. Absent in records of older builders.',
        ).optional(),
        file: text('Its name in the folder of the build.'),
        bytes: count('Its length.'),
        sha256: sha256('the file'),
        modifiedMs: count('Its modification time, in milliseconds since 1970.'),
        signedBy: texts('Of an update and an ISO: ids of the keys that signed it.').optional(),
      }),
    ),
    'The files in the folder of the build.',
  ),
  archive: field(
    z
      .strictObject({
        fetchedAt: time('When the packages were fetched'),
        releases: field(
          z.array(
            z.strictObject({
              url: text('Address of the InRelease.'),
              suite: text('Name of the suite.'),
              date: text('When the archive made it; null: not stated.').nullable(),
              index: text('Digest of its lists of packages; null: it names none.').nullable(),
            }),
          ),
          'The suites they came from.',
        ),
      })
      .optional(),
    'Where the packages came from; absent in records of older builders.',
  ),
  sizes,
  packages: field(
    z.array(z.strictObject({ name: text('Name.'), version: text('Version.') })),
    'Every package of the image.',
  ),
  steps,
  seconds: field(z.number(), 'How long the build took.'),
});

/** `build`, `qcow2`, `update`, `iso`. */
export const built = z.strictObject({
  cached: flag('Nothing had to be done: the artifacts are those of the same inputs.'),
  packageAge,
  config: configFile,
  artifacts: text(
    'The folder of this build in the artifacts directory. A new password is in credentials.txt there.',
  ),
  record: field(buildRecord, 'The same as build.json.'),
});

/** `--dry-run` of the commands that build. */
export const planned = z.strictObject({
  config: configFile,
  buildId: text('Digest of what the slot would be made from.'),
  steps: field(
    z.array(
      z.strictObject({
        id: text('Stable name of the step.'),
        title: text('As people read it.'),
        commands: texts('What it would run.'),
      }),
    ),
    'The steps, in order.',
  ),
});

export const rootfs = z.strictObject({
  config: configFile,
  image: text('The slot image, an ext4 file system.'),
  slot,
  packageAge,
  sizes,
  steps,
});

const source = field(
  z.looseObject({ text: text('Its own description.') }),
  "The ISO of Ubuntu's: what its .disk/info says.",
);
const changed = texts('Files of the source that were replaced.');
const removed = texts('Folders that were left out.');

/** `iso --source-iso`. */
export const remastered = z.strictObject({
  iso: text('The new ISO.'),
  bytes: count('Its length.'),
  sha256: sha256('the ISO'),
  source,
  placed: texts('Files that were added or replaced.'),
  changed,
  removed,
  withoutSum: texts('Files that md5sum.txt does not list.'),
  slot,
  packageAge,
  steps,
});

export const remasterPlanned = z.strictObject({
  source,
  output: text('The ISO that would be made.'),
  added: texts('Files that would be added.'),
  changed,
  removed,
  commands: texts('Arguments that xorriso would get.'),
});
