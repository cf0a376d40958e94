import { lateEsp } from '../late-esp.ts';

lateEsp('bios');
