import { brokenUpdates } from './broken-update.ts';
import { manyUpdates } from './many-updates.ts';
import { powerCuts } from './power-cut.ts';
import { slotDies } from './slot-dies.ts';

brokenUpdates('uefi', ['health-fails']);
powerCuts('uefi', ['mark']);
slotDies('uefi');
manyUpdates('uefi', 2);
