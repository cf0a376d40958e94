// `npm pack` runs this after it has packed: restores what prepack.mjs changed.
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BUILDER, KEPT_MANIFEST, MANIFEST } from './places.mjs';

renameSync(KEPT_MANIFEST, MANIFEST);
rmSync(join(BUILDER, 'LICENSE'), { force: true });
rmSync(join(BUILDER, 'dist'), { recursive: true, force: true });
