import { fullData } from '../full-data.ts';

fullData('uefi');
