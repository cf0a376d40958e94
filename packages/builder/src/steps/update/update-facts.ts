import type { Manifest } from '@micro-linux/update-image';
import type { Config } from '../../config/config.ts';

/** Fields of a manifest other than those computed from the image's bytes. */
export type UpdateFacts = Omit<Manifest, 'format' | 'schema' | 'image'>;

/** The part of a manifest from the config. */
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
