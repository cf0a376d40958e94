import { powerCuts } from './power-cut.ts';

powerCuts('bios', ['apply-condemn', 'apply-write', 'apply-written', 'apply-arm', 'apply-armed']);
