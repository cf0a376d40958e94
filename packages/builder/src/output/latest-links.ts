import { readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, type Reporter, reasonOf } from '@micro-linux/core';
import { partialPath, sweepPartialFiles } from '../system/temporary/partial-file.ts';
import { latestName } from './build-name.ts';
import {
  BUILD_LOG_FILE,
  BUILD_RECORD_FILE,
  type BuildPlaces,
  CREDENTIALS_FILE,
  SEED_DIRECTORY,
} from './directories.ts';

/** Files of a build that have the same name in each. */
const SAME = [BUILD_LOG_FILE, BUILD_RECORD_FILE, CREDENTIALS_FILE, SEED_DIRECTORY];

/**
 * Points the short names in the artifacts directory to the files of the build that just ended:
 * `micro-linux-PROFILE.SUFFIX`, `credentials.txt`, `build.json` and so on. A script finds the last build
 * by them. A name that cannot be a link, for example on a file system without links, is reported.
 */
export async function linkLatest(
  { artifacts, latest, name, profile }: BuildPlaces,
  reporter: Reporter,
): Promise<void> {
  await sweepPartialFiles(latest);
  const links = (await readdir(artifacts)).flatMap((file) => {
    if (SAME.includes(file)) {
      return [{ file, link: file }];
    }
    return file.startsWith(`${name}.`)
      ? [{ file, link: `${latestName(profile)}${file.slice(name.length)}` }]
      : [];
  });
  for (const { file, link } of links) {
    const path = join(latest, link);
    const partial = partialPath(path);
    try {
      await symlink(join(name, file), partial);
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      if (errnoOf(error) === undefined) {
        throw error;
      }
      reporter.info(`${path} does not point to the new ${file}: ${reasonOf(error)}`);
    }
  }
}
