import { pythonYaml } from '../../config/python-yaml.ts';
import type { Autoinstall } from './autoinstall.ts';

/** Folder of the seed in the artifacts directory. */
export const SEED_DIRECTORY = 'autoinstall';

/** The files of a seed; names as cloud-init and Subiquity look for them. */
export const SeedFile = {
  userData: 'user-data',
  metaData: 'meta-data',
  autoinstall: 'autoinstall.yaml',
} as const;

export type SeedTexts = Readonly<Record<(typeof SeedFile)[keyof typeof SeedFile], string>>;

/** Canonical's own check of a seed asks for this address in the file. */
const REFERENCE =
  'https://canonical-subiquity.readthedocs-hosted.com/en/latest/reference/autoinstall-reference.html';

/** First line of a file that cloud-init takes as cloud-config. */
export const CLOUD_CONFIG_LINE = '#cloud-config';

/**
 * The texts of a seed: `user-data` for cloud-init's NoCloud, with `meta-data` beside it, and the
 * same as `autoinstall.yaml` for the root of a medium.
 *
 * @param instanceId tells one seed from another: cloud-init takes a new one for a new machine.
 */
export function seedTexts(autoinstall: Autoinstall, instanceId: string): SeedTexts {
  const about =
    '# Made by `micro-linux seed`. Do not edit it: change micro-linux.yaml and run the command again.\n' +
    `# What the keys mean: ${REFERENCE}\n`;
  return {
    [SeedFile.userData]: `${CLOUD_CONFIG_LINE}\n${about}${pythonYaml({ autoinstall })}`,
    [SeedFile.metaData]: pythonYaml({ 'instance-id': instanceId }),
    [SeedFile.autoinstall]: `${about}${pythonYaml(autoinstall)}`,
  };
}
