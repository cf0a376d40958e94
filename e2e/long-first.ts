import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders and stories by how long they take or may take, longest first; the rest comes last. */
const LONG = [
  '/e2e/update/',
  '/e2e/stories/secure-boot',
  '/e2e/stories/noble-stand-in',
  '/e2e/install/',
  '/e2e/grub-states/',
  '/e2e/stories/',
];

/** Long stories first, so that none is left for one core alone at the end. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => place(one) - place(other));
  }
}

function place({ moduleId }: TestSpecification): number {
  const found = LONG.findIndex((folder) => moduleId.includes(folder));
  return found === -1 ? LONG.length : found;
}
