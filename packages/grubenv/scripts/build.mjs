// Compiles src/ into dist/: one .js and one .d.ts for each file, for Node 20 and later.
import { execFileSync } from 'node:child_process';
import { chmodSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..');
rmSync(join(folder, 'dist'), { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: folder, stdio: 'inherit' });
chmodSync(join(folder, 'dist/bin.js'), 0o755);

// tsc rewrites the imports in programs, but leaves those in declarations as they are.
for (const file of globSync('dist/**/*.d.ts', { cwd: folder })) {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/(from ')(\.[^']+)\.ts(')/g, '$1$2.js$3'));
}
