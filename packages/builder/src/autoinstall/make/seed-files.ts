import { pythonYaml } from '../../config/python-yaml.ts';
import type { Autoinstall } from './autoinstall.ts';

/** The files of a seed, with the names that cloud-init and Subiquity use. */
export const SeedFile = {
  userData: 'user-data',
  metaData: 'meta-data',
  autoinstall: 'autoinstall.yaml',
} as const;

export type SeedTexts = Readonly<Record<(typeof SeedFile)[keyof typeof SeedFile], string>>;

/** Canonical's own check of a seed requires this address in the file. */
const REFERENCE =
  'https://canonical-subiquity.readthedocs-hosted.com/en/latest/reference/autoinstall-reference.html';

/** First line of a file that cloud-init reads as cloud-config. */
export const CLOUD_CONFIG_LINE = '#cloud-config';

/**
 * The files of a seed: `user-data` and `meta-data` for cloud-init's NoCloud, and the
 * same content as `autoinstall.yaml` for the root of a medium.
 *
 * @param instanceId identifies the seed: cloud-init treats a new id as a new machine.
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
