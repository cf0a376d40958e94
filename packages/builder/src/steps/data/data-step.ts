import { join } from 'node:path';
import { GIB, MIB } from '@micro-linux/core';
import {
  agentState,
  DATA_FEATURES,
  DATA_ON_ERROR,
  DATA_ROOT_PERCENT,
  dataTree,
  derivedUuid,
  FileSystemLabel,
  type Identity,
  readAccounts,
} from '@micro-linux/provision';
import { ownPath } from '../../plan/code/own-path.ts';
import { makePrivateFile } from '../../plan/private-file.ts';
import type { Step } from '../../plan/step.ts';
import { EXT4_SCRIPTS, type Ext4Options, makeExt4, makeExt4Command } from '../ext4/make-ext4.ts';
import { type AccountChoice, addImageAccounts } from '../slot/image-accounts.ts';
import { writeTar } from '../tar/write-tar.ts';

export interface DataStepOptions {
  /** Returns the identity; called only when the step runs, because it makes the password. */
  readonly identity: () => Promise<Identity>;
  /** The part of the identity from the config; secrets only as digests. */
  readonly identityInputs: object;
  /** Directory with the slot's `etc/passwd` and related files. */
  readonly facts: string;
  /** Accounts of the slot in addition to those. */
  readonly accounts: AccountChoice;
  /** File with the manifest and signatures of slot A. */
  readonly slotHead: string;
  readonly rollbackIndex: number;
  readonly buildId: string;
  readonly sourceDateEpoch: number;
  readonly root: string;
  /** The steps that make facts and slot head. */
  readonly needs: readonly Step<unknown>[];
}

/**
 * The file system is small at first and grows to its partition at the first boot, as on a larger
 * disk. So there is only one code path, and the build does not write gigabytes of zeros.
 */
const INITIAL_BYTES = 256 * MIB;

/** Space for block group descriptors is reserved up to this size. */
const GROW_TO_BYTES = 2048 * GIB;

/** Makes the data partition. Never cached: it contains the password's hash. */
export function dataStep(options: DataStepOptions): Step<{ readonly image: string }> {
  const ext4 = (directory: string): Ext4Options => ({
    output: join(directory, 'data.ext4'),
    uuid: derivedUuid(options.buildId, 'data'),
    label: FileSystemLabel.data,
    sizeBytes: INITIAL_BYTES,
    growToBytes: GROW_TO_BYTES,
    features: DATA_FEATURES,
    rootPercent: DATA_ROOT_PERCENT,
    onError: DATA_ON_ERROR,
    tars: [join(directory, 'data.tar')],
    prune: [],
    listing: join(directory, 'files.tsv'),
    sourceDateEpoch: options.sourceDateEpoch,
    root: options.root,
  });
  return {
    id: 'data',
    title: 'data partition (ext4)',
    code: [ownPath(import.meta.filename), ...EXT4_SCRIPTS],
    needs: options.needs,
    inputs: {
      identity: options.identityInputs,
      rollbackIndex: options.rollbackIndex,
      buildId: options.buildId,
      epoch: options.sourceDateEpoch,
    },
    cached: false,
    describe: (directory) => [
      `# write ${join(directory, 'data.tar')}: user, keys, network, what the agent records about slot A`,
      ...makeExt4Command(ext4(directory)),
    ],
    async run(context) {
      const tar = join(context.outputDirectory, 'data.tar');
      const tree = [
        ...dataTree(
          await options.identity(),
          addImageAccounts(await readAccounts(options.facts), options.accounts),
        ),
        ...agentState(options.slotHead, options.rollbackIndex),
      ];
      const output = join(context.outputDirectory, 'data.ext4');
      await makePrivateFile(tar);
      await writeTar(tar, tree, options.sourceDateEpoch);
      await makePrivateFile(output);
      await makeExt4(ext4(context.outputDirectory), context);
    },
    result: (directory) => ({ image: join(directory, 'data.ext4') }),
  };
}
