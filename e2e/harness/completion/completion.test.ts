import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completionScript, SHELLS } from '@micro-linux/core/cli';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BASH_COMPLETION, typeIntoBash } from './bash-terminal.ts';
import { completionCases } from './cases.ts';
import { SHELL_DRIVERS } from './shells.ts';
import { AGENT_TABLE, BUILDER_TABLE } from './tables.ts';

const ENTRIES = { files: ['other', 'update.img'], directories: ['folder'] };

let scratch: string;
let cwd: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'completion-'));
  cwd = join(scratch, 'cwd');
  await mkdir(join(cwd, 'folder'), { recursive: true });
  for (const file of ENTRIES.files) {
    await writeFile(join(cwd, file), '');
  }
});
afterAll(() => rm(scratch, { recursive: true }));

/** fish repeats the flag of `--flag=value`, and marks folders. */
function bare(offer: string): string {
  return offer.replace(/^--[\w-]+=/, '').replace(/\/$/, '');
}

/** Prints why a shell is not asked. */
function isMissing(shell: string): boolean {
  const isHere = spawnSync(shell, ['--version'], { stdio: 'ignore' }).status === 0;
  if (!isHere) {
    console.warn(`SKIPPED: ${shell} is not installed (./micro-linux setup-host --tests)`);
  }
  return !isHere;
}

describe.each([BUILDER_TABLE, AGENT_TABLE].map((table) => [table.program, table] as const))(
  '%s',
  (_program, table) => {
    for (const shell of SHELLS) {
      test.skipIf(isMissing(shell))(`${shell} offers what the command table has`, async () => {
        const cases = completionCases(table, ENTRIES);
        const answers = await SHELL_DRIVERS[shell]({
          ...{ script: await completionScript(shell, table), cwd, scratch },
          lines: cases.map(({ line }) => line),
        });
        expect(cases.length).toBeGreaterThan(30);
        const sorted = (values: readonly string[]) => [...new Set(values)].sort();
        const wrong = cases.flatMap(({ line, offers }) => {
          const given = sorted((answers.get(line) ?? ['no answer']).map(bare));
          return JSON.stringify(given) === JSON.stringify(sorted(offers))
            ? []
            : [{ line, given, offers: sorted(offers) }];
        });
        expect(wrong.slice(0, 5)).toEqual([]);
      });
    }
  },
);

/** Places that the table alone does not name. */
const MORE: readonly (readonly [string, readonly string[]])[] = [
  ['micro-linux build --user test --form', ['--format']],
  ['micro-linux build -q --no-i', ['--no-iso']],
  ['micro-linux build --format qcow2 raw --profile bo', ['bookworm']],
  ['micro-linux build --artifacts=folder --profile bo', ['bookworm']],
  ['micro-linux test --firmware u', ['uefi']],
  ['micro-linux -', ['--version', '--help', '-V', '-h']],
  ['micro-linux unknown --', []],
  ['micro-linux help bui', ['build']],
];

describe.each(SHELLS)('%s', (shell) => {
  test.skipIf(isMissing(shell))('knows which word a flag takes', async () => {
    const answers = await SHELL_DRIVERS[shell]({
      ...{ script: await completionScript(shell, BUILDER_TABLE), cwd, scratch },
      lines: [...MORE.map(([line]) => line), 'micro-linux test --firmware bios,u'],
    });
    for (const [line, offers] of MORE) {
      expect([...(answers.get(line) ?? ['no answer'])].sort(), line).toEqual([...offers].sort());
    }
    // Some shells repeat what is before the comma.
    expect(answers.get('micro-linux test --firmware bios,u')?.join()).toMatch(/^(bios,)?uefi$/);
  });
});

describe.each([false, true])(
  'bash on a terminal, bash-completion loads the script: %s',
  (isLoadedLate) => {
    const isSkipped = isLoadedLate && !existsSync(BASH_COMPLETION);
    if (isSkipped) {
      console.warn('SKIPPED: bash-completion is not installed (./micro-linux setup-host --tests)');
    }
    test.skipIf(isSkipped)('completes what is typed', async () => {
      // bash-completion itself finds nothing at the first Tab after a path.
      const command = isLoadedLate ? 'micro-linux' : './micro-linux';
      await writeFile(join(cwd, 'with space.img'), '');
      const ran = await typeIntoBash({
        ...{ script: await completionScript('bash', BUILDER_TABLE), cwd, scratch, isLoadedLate },
        keys: [
          `${command} bui\t--form\tqc\t--no-i\t`,
          `${command} build --profile=boo\t--artifacts=fol\t`,
          `${command} inspect with\t`,
          `${command} inspect "with\t`,
          `${command} init fol\t`,
          `${command} test --firmware bios,ue\t`,
        ],
      });
      await rm(join(cwd, 'with space.img'));
      expect(ran).toEqual([
        '<build><--format><qcow2><--no-iso>',
        '<build><--profile=bookworm><--artifacts=folder/>',
        '<inspect><with space.img>',
        '<inspect><with space.img>',
        '<init><folder/>',
        '<test><--firmware><bios,uefi>',
      ]);
    });
  },
);
