import { ubuntuRelease } from '../ubuntu.ts';

export const profile = ubuntuRelease('resolute', '26.04 LTS');
