import { powerCuts } from './power-cut.ts';

powerCuts('bios', ['apply-condemn', 'apply-write', 'apply-late', 'apply-arm', 'apply-armed']);
