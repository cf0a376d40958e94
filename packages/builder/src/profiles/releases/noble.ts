import type { Profile } from '../profile.ts';
import { ubuntuRelease } from '../ubuntu.ts';

export const profile: Profile = {
  ...ubuntuRelease('noble', '24.04 LTS'),
  liveServer: { release: '24.04' },
};
