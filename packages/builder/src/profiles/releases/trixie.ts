import { debianRelease } from '../debian.ts';

export const profile = debianRelease('trixie', '13');
