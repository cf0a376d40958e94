import { join } from 'node:path';

export const BUILDER = join(import.meta.dirname, '../..');
/** The checkout. */
export const ROOT = join(BUILDER, '../..');
export const MANIFEST = join(BUILDER, 'package.json');
/** package.json as it is in the checkout, while `npm pack` runs. */
export const KEPT_MANIFEST = join(BUILDER, '.package.json.kept');
