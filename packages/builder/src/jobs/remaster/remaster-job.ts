import type { Config } from '../../config/config.ts';
import type { WhereIs } from '../../config/where-is.ts';
import type { Signer } from '../../keys/signer.ts';
import type { BuildPlaces } from '../../output/directories.ts';
import type { FactsBeforeBundle } from '../../steps/build-facts.ts';
import type { DiskInfo } from './source/disk-info.ts';
import type { SourceFacts } from './source/read-source.ts';

/** Everything that is decided before the first step runs. */
export interface RemasterJob {
  readonly config: Config;
  readonly whereIs: WhereIs;
  readonly places: BuildPlaces;
  readonly facts: FactsBeforeBundle;
  readonly signer: Signer | undefined;
  readonly source: SourceFacts;
  /** What Ubuntu's ISO says about itself. */
  readonly sourceInfo: DiskInfo;
  readonly output: string;
  readonly slim: boolean;
}

/** Parts of a remaster that only the job decides. */
export function remasterRequest({ config, source, slim }: RemasterJob) {
  const title = `micro-linux ${config.profile} ${config.version}`;
  const { countdownSeconds } = config.install;
  return { source, slim, title, consoles: config.console, countdownSeconds };
}
