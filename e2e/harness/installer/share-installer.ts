import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { makeScratch, removeScratch } from '../cli/scratch.ts';
import type { InstallerSettings } from './installer-config.ts';
import { type Installer, makeInstaller } from './make-installer.ts';

/** What the stories of a `describe` have in common; it is there while hooks and stories run. */
export interface SharedInstaller {
  readonly installer: Installer;
  /** Removed after the last story. */
  readonly scratch: string;
}

/** Called in a `describe`: has an installer made before its first story. */
export function shareInstaller(
  name: string,
  settings: InstallerSettings = {},
  more: { readonly qcow2?: boolean } = {},
): SharedInstaller {
  let scratch: string;
  let installer: Installer;
  beforeAll(async () => {
    scratch = await makeScratch(name);
    installer = await makeInstaller(join(scratch, 'installer'), settings, more);
  });
  afterAll(() => removeScratch(scratch));
  return {
    get installer() {
      return installer;
    },
    get scratch() {
      return scratch;
    },
  };
}
