import { powerCuts } from './power-cut.ts';

powerCuts('bios', ['reboot', 'grub', 'prepare-state', 'systemd', 'mark', 'marked']);
