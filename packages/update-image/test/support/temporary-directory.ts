import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** A directory for all tests of a file; returns its path once they run. */
export function temporaryDirectory(): () => string {
  let path = '';
  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), 'update-image-test-'));
  });
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return () => path;
}
