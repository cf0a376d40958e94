import { goodUpdate } from '../good-update.ts';

goodUpdate('uefi');
