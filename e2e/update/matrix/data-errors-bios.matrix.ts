import { dataErrors } from '../data-errors.ts';

dataErrors('bios');
