import { join } from 'node:path';
import { EspPath } from '@micro-linux/core';
import { partitionUuid } from '@micro-linux/provision';
import type { Config } from '../../config/config.ts';
import type { Profile } from '../../profiles/profile.ts';
import { grubConfig, grubStub } from '../grub/index.ts';
import type { EspFile } from './esp-step.ts';
import { factoryEnvFiles } from './factory-env.ts';

/** GRUB's settings on the ESP: which slots there are, and its environment as it leaves the factory. */
export function espFiles(config: Config, profile: Profile, buildId: string): readonly EspFile[] {
  return [
    {
      path: join(profile.secureBoot.grubConfigDirectory, 'grub.cfg'),
      content: grubStub(),
    },
    {
      path: EspPath.grubConfig,
      content: grubConfig({
        title: profile.title,
        partUuids: { A: partitionUuid(buildId, 'rootA'), B: partitionUuid(buildId, 'rootB') },
        consoles: config.console,
        timeoutSeconds: config.boot.timeoutSeconds,
        bootCounter: config.boot.counter,
      }),
    },
    ...factoryEnvFiles(config.boot.counter),
  ];
}
