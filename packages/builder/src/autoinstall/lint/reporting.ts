import { type Group, groupIn, isGroup, type KeyPath, listIn, textIn } from '@micro-linux/provision';
import { nearest } from '../../config/suggest.ts';
import type { Remark } from '../check/finding.ts';
import type { Seed } from '../seed/parse-seed.ts';
import { wrongChoice } from '../subiquity/wrong-value.ts';

/** What curtin can report to, and the keys of each. The installer of 24.04 creates all at its start. */
const REPORTERS: Readonly<Record<string, readonly string[]>> = {
  print: [],
  log: ['level'],
  journald: ['level', 'identifier'],
  webhook: [
    ...['endpoint', 'consumer_key', 'consumer_secret', 'token_key', 'token_secret'],
    ...['timeout', 'retries', 'level'],
  ],
};

/** Those of OAuth: all or none. */
const OAUTH: readonly string[] = ['consumer_key', 'token_key', 'token_secret'];

/** Reporters that curtin cannot create. An installation that asks does not use this section. */
export function reportingRemarks({ autoinstall, base }: Seed): Remark[] {
  return listIn(autoinstall, 'interactive-sections').length > 0
    ? []
    : Object.entries(groupIn(autoinstall, 'reporting')).flatMap(([name, reporter]) =>
        isGroup(reporter) ? ofReporter(reporter, [...base, 'reporting', name]) : [],
      );
}

function ofReporter(reporter: Group, path: KeyPath): Remark[] {
  const type = textIn(reporter, 'type');
  if (type === undefined) {
    return [];
  }
  const known = Object.hasOwn(REPORTERS, type) ? REPORTERS[type] : undefined;
  if (known === undefined) {
    const at = [...path, 'type'];
    return [{ rule: 'reporting', path: at, ...wrongChoice(Object.keys(REPORTERS), type, at) }];
  }
  const given = OAUTH.filter((key) => Boolean(reporter[key]));
  return [
    ...Object.keys(reporter)
      .filter((key) => key !== 'type' && !known.includes(key))
      .map((key): Remark => {
        const suggestion = nearest(key, known);
        return {
          rule: 'reporting',
          path: [...path, key],
          at: 'key',
          problem: `is not a key of type ${type}: the installation fails there`,
          fix: suggestion === undefined ? 'remove it' : `did you mean \`${suggestion}\`?`,
        };
      }),
    ...(type === 'webhook' && !('endpoint' in reporter)
      ? [missing(path, 'needs `endpoint`', 'add endpoint: and the address to report to')]
      : []),
    ...(type === 'webhook' && given.length > 0 && given.length < OAUTH.length
      ? [missing(path, `has only some of ${OAUTH.join(', ')}`, 'write all three, or none')]
      : []),
  ];
}

function missing(path: KeyPath, problem: string, fix: string): Remark {
  return { rule: 'reporting', path, at: 'key', problem, fix };
}
