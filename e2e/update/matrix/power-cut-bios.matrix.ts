import { powerCuts } from '../power-cut.ts';

// The other moments are in ../power-cut-*-bios.e2e.ts.
powerCuts('bios', ['apply-wipe', 'apply-late', 'apply-expose', 'kernel']);
