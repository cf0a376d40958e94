import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BOOT_VARIABLES } from './boot-env.ts';
import { BOOT_REASONS, bootTableMarkdown, STANDING_RULES } from './boot-table.ts';

const DOC = readFileSync(
  join(import.meta.dirname, '../../../../docs/explanation/boot-states.md'),
  'utf8',
);

it('is in docs/explanation/boot-states.md word for word', () => {
  expect(DOC).toContain(`\n${bootTableMarkdown()}\n`);
});

it('has every variable and every reason explained in docs/explanation/boot-states.md', () => {
  for (const name of [...BOOT_VARIABLES, ...BOOT_REASONS]) {
    expect(DOC).toContain(`\`${name}\``);
  }
});

it('ends with a rule that always applies', () => {
  expect(STANDING_RULES.at(-1)?.when).toEqual([]);
});
