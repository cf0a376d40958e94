/**
 * The boot state table, as data. grub.cfg is generated from it, `decideBoot` evaluates it, and
 * docs/explanation/boot-states.md prints it. So the three can differ only in how they evaluate it,
 * which e2e/grub-states compares state by state.
 */

/** Sources of GRUB's state, best first. */
export const BOOT_SOURCES = ['env', 'copy', 'marker', 'none'] as const;
export type BootSource = (typeof BOOT_SOURCES)[number];

/** Why a slot was booted; GRUB passes it to the kernel as `micro_linux.boot=`. */
export const BOOT_REASONS = [
  'trial',
  'confirmed',
  'alone',
  'fallback',
  'new-round',
  'marker',
  'unknown',
  'manual',
] as const;
export type BootReason = (typeof BOOT_REASONS)[number];

/** A condition of a rule. */
export type Condition =
  /** The confirmed slot is ok, and `boot_success` is 1 or `boot_counter` is not 0. */
  | 'confirmed-has-tries'
  /** `A_ok` or `B_ok` of the slot that is not confirmed is not 1. */
  | 'other-not-ok'
  /** `fallback_counter` is not 0. */
  | 'fallback-has-tries';

/** What is saved into a counter. */
export type CounterWrite = 'minus-one' | 'full' | 'full-minus-one' | 'unchanged';

/** A slot to try to load, relative to the confirmed one. */
export type Candidate = 'confirmed' | 'other' | 'other-if-ok';

/**
 * What to do when no slot is on trial (any more). The first rule whose conditions are met applies.
 */
export interface StandingRule {
  readonly reason: BootReason;
  readonly when: readonly Condition[];
  readonly bootCounter: CounterWrite;
  readonly fallbackCounter: CounterWrite;
  /** In this order; the first one that loads is booted. */
  readonly order: readonly Candidate[];
  /** For people. */
  readonly meaning: string;
}

/**
 * Every rule saves `boot_success=0` and the next mark with its counters, in one write, before
 * anything is loaded.
 */
export const STANDING_RULES: readonly StandingRule[] = [
  {
    reason: 'confirmed',
    when: ['confirmed-has-tries'],
    bootCounter: 'minus-one',
    fallbackCounter: 'unchanged',
    order: ['confirmed', 'other-if-ok'],
    meaning: 'the everyday boot',
  },
  {
    reason: 'alone',
    when: ['other-not-ok'],
    bootCounter: 'unchanged',
    fallbackCounter: 'unchanged',
    order: ['confirmed'],
    meaning: 'the confirmed slot has used up its tries, but there is nothing to fall back to',
  },
  {
    reason: 'fallback',
    when: ['fallback-has-tries'],
    bootCounter: 'unchanged',
    fallbackCounter: 'minus-one',
    order: ['other', 'confirmed'],
    meaning: 'the confirmed slot has used up its tries: the other one gets as many',
  },
  {
    reason: 'new-round',
    when: [],
    bootCounter: 'full-minus-one',
    fallbackCounter: 'full',
    order: ['confirmed', 'other'],
    meaning: 'both have used up their tries: the count starts again with the confirmed slot',
  },
];

/** One row of the table in docs/explanation/boot-states.md. */
interface Row {
  readonly state: string;
  readonly saved: string;
  readonly boots: string;
  readonly reason: string;
}

const CONDITION_TEXT: Readonly<Record<Condition, string>> = {
  'confirmed-has-tries':
    'the confirmed slot is ok, and `boot_success` is 1 or `boot_counter` is not 0',
  'other-not-ok': 'the other slot is not ok',
  'fallback-has-tries': '`fallback_counter` is not 0',
};

const WRITE_TEXT: Readonly<Record<CounterWrite, string>> = {
  'minus-one': 'one less',
  full: 'full',
  'full-minus-one': 'full, less one',
  unchanged: 'as it is',
};

const CANDIDATE_TEXT: Readonly<Record<Candidate, string>> = {
  confirmed: 'confirmed',
  other: 'other',
  'other-if-ok': 'other, if ok',
};

/**
 * The table as Markdown; the first matching row applies. docs/explanation/boot-states.md contains
 * it word for word.
 */
export function bootTableMarkdown(): string {
  const rows: Row[] = [
    {
      state:
        '`grubenv` is sound, `next_entry` names a slot, `next_tries` is not 0, **and the save succeeds**',
      saved: '`next_tries` one less; at 0 `next_entry` empty; `boot_success=0`',
      boots: 'the slot on trial, else as below',
      reason: '`trial`',
    },
    ...STANDING_RULES.map((rule) => ({
      state: [
        '`grubenv` or else `grubenv.copy` is sound',
        ...(rule.when.length === 0
          ? ['none of the above']
          : rule.when.map((condition) => CONDITION_TEXT[condition])),
      ].join('; '),
      saved: [
        '`boot_success=0`',
        `\`boot_counter\` ${WRITE_TEXT[rule.bootCounter]}`,
        `\`fallback_counter\` ${WRITE_TEXT[rule.fallbackCounter]}`,
      ].join('; '),
      boots: `${rule.order.map((candidate) => CANDIDATE_TEXT[candidate]).join(' → ')} (${rule.meaning})`,
      reason: `\`${rule.reason}\``,
    })),
    {
      state: 'both damaged; the marker `confirmed` names a slot',
      saved: 'nothing',
      boots: 'that slot and no other',
      reason: '`marker`',
    },
    {
      state: 'nothing can be read',
      saved: 'nothing',
      boots: 'A → B, whichever loads',
      reason: '`unknown`',
    },
    {
      state: 'none of the slots above loads',
      saved: 'nothing more',
      boots: 'none: a message, a pause, a reboot',
      reason: '–',
    },
  ];
  return [
    '| state | saved before anything is loaded; with it, the next `boot_mark` | loaded, in this order | `micro_linux.boot=` |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row.state} | ${row.saved} | ${row.boots} | ${row.reason} |`),
  ].join('\n');
}
