// published-manifest.mjs write|restore
//
// In this repository, importing grubenv means its TypeScript sources: there is no build that could
// be stale. In the registry it means dist/. npm packs the package.json that exists after `prepack`
// (unlike pnpm, it does not support `publishConfig.exports`), so `prepack` changes it and
// `postpack` restores it.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const manifest = join(import.meta.dirname, '../package.json');
const kept = join(import.meta.dirname, '../.package.json.kept');

if (process.argv[2] === 'restore') {
  renameSync(kept, manifest);
} else {
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(kept, text);
  const { scripts: _, ...published } = JSON.parse(text);
  published.exports = { '.': { types: './dist/index.d.ts', default: './dist/index.js' } };
  published.bin = { grubenv: 'dist/bin.js' };
  writeFileSync(manifest, `${JSON.stringify(published, null, 2)}\n`);
}
