import { CUTS, type CutName, powerCuts } from '../power-cut.ts';

powerCuts(
  'uefi',
  (Object.keys(CUTS) as CutName[]).filter((name) => name !== 'mark'),
);
