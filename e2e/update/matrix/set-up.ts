import type { TestProject } from 'vitest/node';
import { setUpStories } from '../set-up-stories.ts';

export default (project: TestProject) =>
  setUpStories(project, ['bios', 'uefi', 'secure-boot'], {
    // An older image must not run again.
    'higher-index': { version: '3.0.0', rollbackIndex: 2 },
  });
