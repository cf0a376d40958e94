import { debianRelease } from '../debian.ts';

export const profile = debianRelease('bookworm', '12');
