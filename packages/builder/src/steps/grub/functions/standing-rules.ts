import {
  BootVariable,
  type Candidate,
  type Condition,
  type CounterWrite,
  STANDING_RULES,
  type StandingRule,
} from '@micro-linux/core';

const CONDITION_TEST: Readonly<Record<Condition, string>> = {
  'confirmed-has-tries': '[ "$ml_has_tries" = 1 ]',
  'other-not-ok': '[ "$ml_other_ok" != 1 ]',
  'fallback-has-tries': `[ "$${BootVariable.fallbackCounter}" != 0 ]`,
};

/** The standing rules as one chain: each rule is reached only if those before it do not apply. */
export function standingChain(full: number): string {
  const lines = ['  set ml_reason='];
  for (const rule of STANDING_RULES) {
    const conditions = ['[ -z "$ml_reason" ]', ...rule.when.map((name) => CONDITION_TEST[name])];
    lines.push(
      `  ${conditions.map((test) => `if ${test}; then `).join('')}set ml_reason=${rule.reason}; ${conditions.map(() => 'fi').join('; ')}`,
    );
  }
  for (const rule of STANDING_RULES) {
    lines.push(
      `  if [ "$ml_reason" = ${rule.reason} ]; then`,
      ...ruleBody(rule, full).map((line) => `    ${line}`),
      '  fi',
    );
  }
  return lines.join('\n');
}

function ruleBody(rule: StandingRule, full: number): string[] {
  const [first, second] = rule.order;
  return [
    ...counterWrite(BootVariable.bootCounter, rule.bootCounter, full),
    ...counterWrite(BootVariable.fallbackCounter, rule.fallbackCounter, full),
    ...candidate('ml_first', first),
    ...candidate('ml_second', second),
  ];
}

function counterWrite(variable: string, write: CounterWrite, full: number): string[] {
  switch (write) {
    case 'minus-one':
      return [`ml_less "$${variable}"`, `set ${variable}="$ml_less"`];
    case 'full':
      return [`set ${variable}=${full}`];
    case 'full-minus-one':
      return [`set ${variable}=${full - 1}`];
    case 'unchanged':
      return [];
  }
}

function candidate(variable: string, which: Candidate | undefined): string[] {
  switch (which) {
    case undefined:
      return [];
    case 'confirmed':
      return [`set ${variable}="$${BootVariable.savedEntry}"`];
    case 'other':
      return [`set ${variable}="$ml_other"`];
    case 'other-if-ok':
      return [`if [ "$ml_other_ok" = 1 ]; then set ${variable}="$ml_other"; fi`];
  }
}
