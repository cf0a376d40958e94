import { powerCuts } from './power-cut.ts';

powerCuts('bios', ['apply-condemn', 'apply-write', 'apply-arm', 'apply-armed']);
