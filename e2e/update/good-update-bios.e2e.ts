import { goodUpdate } from './good-update.ts';

goodUpdate('bios');
