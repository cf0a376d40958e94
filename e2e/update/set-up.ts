import type { TestProject } from 'vitest/node';
import { setUpStories } from './set-up-stories.ts';

export default (project: TestProject) => setUpStories(project, ['bios', 'uefi']);
