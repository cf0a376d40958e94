import { isGroup } from '@micro-linux/provision';
import { nearest } from '../../config/suggest.ts';
import type { Remark } from '../check/finding.ts';
import type { Seed } from '../seed/parse-seed.ts';
import { CLOUD_CONFIG_KEYS, EASILY_MISTAKEN } from '../subiquity/cloud-config-keys.ts';
import { knownPaths, TOP_KEYS } from '../subiquity/known-keys.ts';
import { advise } from './advice.ts';

/** Errors of a seed as a file, before its keys are checked. */
export function formRemarks(seed: Seed): Remark[] {
  const beside = Object.keys(seed.document).filter((key) => key !== 'autoinstall');
  const wrapped = seed.base.length > 0;
  return [
    ...(seed.form === 'user-data' ? firstLine(seed.text) : []),
    ...missing(seed),
    ...(!wrapped
      ? []
      : seed.form === 'user-data'
        ? beside.flatMap((key) => besideInUserData(seed, key))
        : beside.map((key) => besideInAutoinstall(key))),
  ];
}

function firstLine(text: string): Remark[] {
  const remark = (problem: string): Remark[] => [
    {
      rule: 'first-line',
      path: [],
      at: 'top',
      problem,
      fix: 'write #cloud-config, exactly so, as the very first line',
    },
  ];
  if (text.startsWith('\ufeff')) {
    return remark('the file begins with a byte order mark, which hides #cloud-config');
  }
  // As in cloud-init, leading blanks and capitals are accepted.
  return /^\s*(?:## template: ?jinja\s+)?#cloud-config(?!-)/i.test(text)
    ? []
    : remark('the first line is not #cloud-config: cloud-init ignores the file');
}

function missing({ document, base }: Seed): Remark[] {
  if (base.length === 0 || isGroup(document['autoinstall'])) {
    return [];
  }
  if (Object.hasOwn(document, 'autoinstall')) {
    return [
      {
        rule: 'no-autoinstall',
        path: base,
        at: 'key',
        problem: 'has no keys below it',
        fix: 'indent the lines that belong to it by two blanks more',
      },
    ];
  }
  const slip = nearest('autoinstall', Object.keys(document));
  return [
    {
      rule: 'no-autoinstall',
      path: slip === undefined ? [] : [slip],
      at: slip === undefined ? 'top' : 'key',
      problem: slip === undefined ? 'there is no `autoinstall` in it' : 'is not `autoinstall`',
      fix: 'write `autoinstall:` and the keys of the installation below it, indented',
    },
  ];
}

function besideInUserData({ document }: Seed, key: string): Remark[] {
  const path = [key];
  const isEmpty = !isGroup(document['autoinstall']);
  if (TOP_KEYS.includes(key) && (isEmpty || !CLOUD_CONFIG_KEYS.has(key))) {
    const problem = CLOUD_CONFIG_KEYS.has(key)
      ? 'is next to `autoinstall`, and does not affect the installed system'
      : 'is next to `autoinstall`: the installation fails with "Misplaced autoinstall"';
    const fix = `indent it: \`${key}\` belongs under \`autoinstall\``;
    return [{ rule: 'misplaced-key', path, at: 'key', problem, fix }];
  }
  if (EASILY_MISTAKEN.has(key)) {
    const problem = 'configures the running installer, not the installed system';
    const fix = TOP_KEYS.includes(key)
      ? `put it under \`autoinstall\` if the system is meant`
      : 'put it under `autoinstall`, below `user-data`, if the system is meant';
    return [{ rule: 'live-session', path, at: 'key', problem, fix }];
  }
  if (CLOUD_CONFIG_KEYS.has(key) || (isEmpty && nearest(key, ['autoinstall']))) {
    return [];
  }
  const known = [...CLOUD_CONFIG_KEYS, ...knownPaths().map((known) => `autoinstall.${known}`)];
  return [
    {
      rule: 'unknown-key',
      path,
      at: 'key',
      problem: 'is not a key of cloud-config: cloud-init ignores it',
      fix: advise(key, '', known),
    },
  ];
}

function besideInAutoinstall(key: string): Remark {
  return {
    rule: 'misplaced-key',
    path: [key],
    at: 'key',
    problem: 'is next to `autoinstall`: in autoinstall.yaml, the installation fails',
    fix: 'put it below `autoinstall`, or make the file user-data for cloud-init: #cloud-config first',
  };
}
