// Adds up vitest's JSON reports in a directory and prints `N passed, N failed, N skipped`.
// Plain JavaScript, so that any Node runs it, also where the set-up failed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reports that must be there: a run that died before its report is a failure, not a zero. */
const EXPECTED = ['unit.json', 'boot.json', 'e2e.json'];

const directory = process.argv[2] ?? '.';
let names = [];
try {
  names = readdirSync(directory);
} catch {
  // No directory: every report is missing, which is counted below.
}
let passed = 0;
let failed = 0;
let skipped = 0;
for (const name of EXPECTED) {
  if (!names.includes(name)) {
    console.error(`no report ${name}: that run did not get as far`);
    failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(join(directory, name), 'utf8'));
  passed += report.numPassedTests;
  skipped += report.numPendingTests + report.numTodoTests;
  // A file that could not be loaded has no tests that could fail.
  const broken = report.testResults.filter(
    (file) =>
      file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  );
  failed += report.numFailedTests + broken.length;
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
