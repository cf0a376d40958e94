import { powerCuts } from './power-cut.ts';

powerCuts('bios', [
  'apply-condemn',
  'apply-wipe',
  'apply-write',
  'apply-written',
  'apply-expose',
  'apply-arm',
  'apply-armed',
]);
