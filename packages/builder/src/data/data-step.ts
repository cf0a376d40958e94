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
import { makeExt4 } from '../ext4/make-ext4.ts';
import { makePrivateFile } from '../plan/private-file.ts';
import type { Step } from '../plan/step.ts';
import { writeTar } from '../tar/write-tar.ts';

export interface DataStepOptions {
  /** The identity; asked for only when the step runs, as it makes the password. */
  readonly identity: () => Promise<Identity>;
  /** Directory with the slot's `etc/passwd` and its kin. */
  readonly facts: string;
  /** File with manifest and signatures of what slot A holds. */
  readonly slotHead: string;
  readonly rollbackIndex: number;
  readonly buildId: string;
  readonly sourceDateEpoch: number;
  readonly root: string;
}

/**
 * The file system begins small and grows to its partition at the first boot, as it would on a larger
 * disk: there is one way, always taken, and the build need not write gigabytes of nothing.
 */
const INITIAL_BYTES = 256 * MIB;

/** Room for block group descriptors is set aside for this much. */
const GROW_TO_BYTES = 2048 * GIB;

/** Makes the data partition. Never cached: it holds the password's hash. */
export function dataStep(options: DataStepOptions): Step<{ readonly image: string }> {
  return {
    id: 'data',
    title: 'data partition (ext4)',
    inputs: undefined,
    describe: () => [
      `make-ext4.sh data.ext4 (${INITIAL_BYTES} bytes, user, keys, network, what the agent knows of slot A)`,
    ],
    async run(context) {
      const tar = join(context.outputDirectory, 'data.tar');
      const tree = [
        ...dataTree(await options.identity(), await readAccounts(options.facts)),
        ...agentState(options.slotHead, options.rollbackIndex),
      ];
      const output = join(context.outputDirectory, 'data.ext4');
      await makePrivateFile(tar);
      await writeTar(tar, tree, options.sourceDateEpoch);
      await makePrivateFile(output);
      await makeExt4(
        {
          output,
          uuid: derivedUuid(options.buildId, 'data'),
          label: FileSystemLabel.data,
          sizeBytes: INITIAL_BYTES,
          growToBytes: GROW_TO_BYTES,
          features: DATA_FEATURES,
          rootPercent: DATA_ROOT_PERCENT,
          onError: DATA_ON_ERROR,
          tars: [tar],
          prune: [],
          listing: join(context.outputDirectory, 'files.tsv'),
          sourceDateEpoch: options.sourceDateEpoch,
          root: options.root,
        },
        context,
      );
    },
    result: (directory) => ({ image: join(directory, 'data.ext4') }),
  };
}
