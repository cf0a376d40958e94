import { brokenUpdates } from './broken-update.ts';
import { goodUpdate } from './good-update.ts';
import { powerCuts } from './power-cut.ts';
import { slotDies } from './slot-dies.ts';

goodUpdate('uefi');
brokenUpdates('uefi', ['health-fails']);
powerCuts('uefi', ['mark']);
slotDies('uefi');
