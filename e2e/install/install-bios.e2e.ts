import { tellInstall } from '../harness/installer/install-story.ts';

await tellInstall('an installation from a DVD by BIOS', [{ firmware: 'bios', drive: 'cdrom' }]);
