// Adds up vitest's JSON reports in a directory and prints `N passed, N failed, N skipped`, after each
// failed test with the beginning of its message.
// Plain JavaScript, so that any Node runs it, even if the set-up failed.
// A test that was skipped without being listed below counts as failed: in CI all tools are there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Required reports: a run that ended without its report is a failure, not a zero. */
const EXPECTED = ['unit.json', 'boot.json', 'e2e.json'];

/** Test files of which CI may skip tests: each needs something that CI cannot have. */
const MAY_SKIP = {
  'e2e/ubuntu-iso/ubuntu-iso.e2e.ts': "Ubuntu's own ISO (SOURCE_ISO), which CI cannot download",
  'packages/builder/src/autoinstall/check/cloud-init.test.ts':
    'cloud-init, which would change the machine it is installed on',
  'packages/builder/src/autoinstall/subiquity/schema.test.ts':
    "Subiquity's own schema (MICRO_LINUX_SHARED), which its license keeps out of this repository",
  'packages/ota-agent/src/raw-device/loop-device.test.ts': 'loop devices, which a container lacks',
  'packages/provision/src/network/interface-files.test.ts':
    'namespaces in which networkd starts, which some containers refuse',
  'packages/update-image/src/sources/file-source.test.ts': 'a user other than root',
};

/** Of the message of a failed test. */
const SHOWN_LINES = 12;

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
    fail(`no report ${name}: that run did not get as far`);
    continue;
  }
  const report = JSON.parse(readFileSync(join(directory, name), 'utf8'));
  if (report.numPassedTests === 0) {
    fail(`${name}: no test passed`);
  }
  passed += report.numPassedTests;
  for (const file of report.testResults) {
    const results = file.assertionResults;
    const broken = results.filter(({ status }) => status === 'failed');
    for (const { fullName, failureMessages = [] } of broken) {
      fail(`${file.name}: ${fullName}\n${beginning(failureMessages.join('\n'))}`);
    }
    if (file.status === 'failed' && broken.length === 0) {
      fail(`${file.name} could not be loaded\n${beginning(file.message ?? '')}`);
    }
    const notRun = results.filter(({ status }) => !['passed', 'failed'].includes(status));
    if (Object.keys(MAY_SKIP).some((path) => file.name.endsWith(`/${path}`))) {
      skipped += notRun.length;
    } else if (notRun.length > 0) {
      fail(
        `${file.name}: ${notRun.length} skipped, first: ${notRun[0].fullName} (its own output says what is missing)`,
        notRun.length,
      );
    }
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** The first lines, indented. */
function beginning(text) {
  return text
    .split('\n')
    .slice(0, SHOWN_LINES)
    .map((line) => `  ${line}`)
    .join('\n');
}

function fail(why, count = 1) {
  console.error(`failed: ${why}`);
  failed += count;
}
