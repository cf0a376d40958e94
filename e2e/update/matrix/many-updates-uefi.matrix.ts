import { manyUpdates } from '../many-updates.ts';

manyUpdates('uefi', 5);
