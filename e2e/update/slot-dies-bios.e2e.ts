import { slotDies } from './slot-dies.ts';

slotDies('bios');
