import { tellInstall } from '../harness/installer/install-story.ts';

await tellInstall('an installation from a stick by UEFI', [{ firmware: 'uefi', drive: 'usb' }]);
