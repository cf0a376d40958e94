import { brokenUpdates } from '../broken-update.ts';
import { goodUpdate } from '../good-update.ts';

goodUpdate('secure-boot');
brokenUpdates('secure-boot', ['kernel-corrupt', 'health-fails']);
