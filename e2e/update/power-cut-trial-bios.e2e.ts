import { powerCuts } from './power-cut.ts';

powerCuts('bios', ['reboot', 'grub', 'kernel', 'prepare-state', 'systemd', 'mark', 'marked']);
