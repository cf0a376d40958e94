import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { SeedFile } from '../autoinstall/make/seed-files.ts';
import type { SeedFiles } from '../autoinstall/make/seed-step.ts';
import { writeSeed } from '../autoinstall/make/write-seed.ts';
import { fileDigest } from '../plan/digest.ts';
import { artifactRecord, type ReadyArtifact } from './ready-artifact.ts';

/** Reads a seed from the work directory. Only its copy, readable by the owner only, is missing. */
export async function readySeed(kind: string, files: SeedFiles): Promise<ReadyArtifact> {
  const texts = {
    [SeedFile.userData]: await readFile(files.userData, 'utf8'),
    [SeedFile.metaData]: await readFile(files.metaData, 'utf8'),
    [SeedFile.autoinstall]: await readFile(files.autoinstall, 'utf8'),
  };
  return {
    async publish(artifacts) {
      const paths = await writeSeed(artifacts, texts);
      return await Promise.all(
        paths.map(async (path) =>
          artifactRecord(kind, relative(artifacts, path), await fileDigest(path), artifacts),
        ),
      );
    },
  };
}
