import type { Manifest } from '@micro-linux/update-image';
import type { Config } from '../../config/config.ts';

/** What a manifest says of an image beside its bytes. */
export type UpdateFacts = Omit<Manifest, 'format' | 'schema' | 'image'>;

/** The part of a manifest that the config decides. */
export function updateFacts(
  config: Config,
  image: Pick<Manifest, 'buildId' | 'kernel'>,
): UpdateFacts {
  return {
    compatible: config.compatible,
    version: config.version,
    rollbackIndex: config.update.rollbackIndex,
    ...(config.update.minimumAgent === undefined
      ? {}
      : { minimumAgent: config.update.minimumAgent }),
    architecture: 'x86_64',
    profile: config.profile,
    ...image,
  };
}
