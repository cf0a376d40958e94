import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Profile, ProfileName } from './profile.ts';

/**
 * The table of all profiles: one for each `NAME.ts` in a folder, which exports `profile`.
 *
 * @returns the profiles by name, sorted.
 * @throws Error if the names of a profile and its file differ.
 */
export async function loadProfiles(directory: string): Promise<ReadonlyMap<ProfileName, Profile>> {
  const names = readdirSync(directory)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
  const profiles = names.map(async (name) => {
    const url = pathToFileURL(join(directory, `${name}.ts`)).href;
    const { profile }: { readonly profile?: Profile } = await import(url);
    if (profile?.name !== name) {
      throw new Error(`profiles/releases/${name}.ts must export the profile named ${name}`);
    }
    return [name, profile] as const;
  });
  return new Map(await Promise.all(profiles));
}
