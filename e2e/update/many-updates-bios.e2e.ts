import { manyUpdates } from './many-updates.ts';

manyUpdates('bios', 5);
