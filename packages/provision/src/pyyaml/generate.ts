import fc from 'fast-check';

/** Test tool: texts that are YAML, nearly YAML, or made of its indicators. */

const SCALARS = [
  ...[
    'yes',
    'no',
    'on',
    'Off',
    'y',
    'n',
    'Y',
    'true',
    'TRUE',
    'False',
    'null',
    '~',
    'Null',
    'nULL',
  ],
  ...[
    '0',
    '1',
    '-1',
    '+1',
    '010',
    '0815',
    '08',
    '0o17',
    '0x1F',
    '0b101',
    '0b_',
    '0x_',
    '1_000',
    '0_',
  ],
  ...[
    '1:2',
    '1:60',
    '12:30:45',
    '52:54:00:12:34:56',
    '19:09:20:03:09:08',
    '0:1',
    '190:20:30.15',
    '-1:30',
  ],
  ...[
    '1e3',
    '1.0',
    '1.',
    '.5',
    '-.5',
    '1.5e3',
    '1.5e+3',
    '1.e-2',
    '6.8523015e+5',
    '685_230.15',
    '._1',
  ],
  ...['.inf', '-.Inf', '+.INF', '.nan', '.NaN', '-.nan', 'e0', 'e1', '1e', '99999999999999999999'],
  ...[
    '2024-01-01',
    '2024-1-1',
    '2024-02-30',
    '2001-12-14t21:59:43.10-05:00',
    '2001-12-14 21:59:43.10 -5',
  ],
  ...[
    '2001-12-15 2:59:43.10',
    '2001-12-14T25:00:00Z',
    '2001-01-01 1:02:03 +24',
    '0000-01-01',
    '1-1-1',
  ],
  ...[
    '=',
    '<<',
    '<',
    '==',
    '-',
    '--',
    '---',
    '...',
    '--- a',
    '-a',
    '?',
    '?a',
    ':',
    ':a',
    '::',
    '::/0',
    '::1',
  ],
  ...[
    'a:b',
    'a: b',
    'a :b',
    'a#b',
    'a #b',
    '#',
    '%a',
    '@a',
    '`a',
    '&a',
    '*a',
    '&a b',
    '!a',
    '!!str 1',
    '! 12',
  ],
  ...[
    '!!int 3',
    '!!int "3"',
    '!!float 1',
    '!!bool yes',
    '!!null x',
    '!!binary aGk=',
    '!!binary "a"',
    '!!set {a, b}',
  ],
  ...[
    '!!omap [a: 1]',
    '!!pairs [a: 1, a: 2]',
    '!<tag:yaml.org,2002:str> 1',
    '!!python/none x',
    '!!timestamp 2024-01-01',
  ],
  ...[
    "'a'",
    "''",
    "'it''s'",
    '"a"',
    '""',
    '"\\x41"',
    '"\\u00e9"',
    '"\\ud83d"',
    '"\\q"',
    '"a\\\n  b"',
    '"a\n  b"',
  ],
  ...[
    '|',
    '>',
    '|-',
    '>+',
    '|2',
    '>1-',
    '|0',
    '| x',
    '[]',
    '{}',
    '[',
    ']',
    '{',
    '}',
    ',',
    'a, b',
    '[a',
    '{a}',
  ],
  ...[
    '{a: b}',
    '{a:b}',
    '{"a":1}',
    '{a: ::/0}',
    '[::1]',
    '[a: b]',
    '[a:b, c]',
    '[? a]',
    '{? a : b}',
    '[, ]',
    '{,}',
  ],
  ...[
    '192.0.2.1/24',
    '2001:db8::1',
    'ds=nocloud;s=/x/',
    '$6$a$b/c.',
    'äöü',
    '🦀',
    '\u00a0',
    '\u2028',
    '\x85',
    '\u200b',
  ],
  ...[
    '\ufeff',
    '\x07',
    '\x7f',
    'a\tb',
    'a\t',
    '\ta',
    '\t',
    'x'.repeat(1030),
    'one two',
    ' a ',
    "it's",
    '"',
    "'",
    '\\',
  ],
];

const scalar = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...SCALARS) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
  { weight: 1, arbitrary: fc.stringMatching(/^[-+]?[0-9_.:eExb]{1,8}$/) },
  {
    weight: 1,
    arbitrary: fc.stringMatching(/^[0-9]{1,4}(-[0-9]{1,2}){2}([Tt ][0-9:.Z +-]{0,14})?$/),
  },
);

const word = fc.constantFrom(
  'a',
  'b',
  'key',
  'no',
  '1',
  '<<',
  '=',
  'e0',
  "'q'",
  '"q"',
  'x y',
  '*a',
  '!!str s',
  '?',
  '~',
);
const PIECES = [
  ...'-?:,[]{}#&*!|>\'"%@`\\=<~. \t\n\r0169aeEnyx+_',
  '\n  ',
  '\n- ',
  ': ',
  ' #',
  '---',
  '...',
  '\r\n',
  '*a',
  '&a ',
  '<<: ',
  '\x85',
  '\u2028',
  '%YAML 1.1\n',
  '!!',
  '\n\n',
  '? ',
  '- ',
];

/** A block of lines, indented by `depth` steps; sometimes indented wrongly. */
function block(depth: number): fc.Arbitrary<string> {
  const pad = fc.constantFrom(
    ...Array<string>(9).fill('  '.repeat(depth)),
    ' '.repeat(depth),
    `${'  '.repeat(depth)} `,
  );
  const comment = fc.constantFrom('', '', '', '', ' # c', '\t# c', '#c', ' ', '\t');
  const line = fc.tuple(pad, word, fc.constantFrom(': ', ': ', ':', ' : ', ':\t'), scalar, comment);
  const item = fc.tuple(
    pad,
    fc.constant('-'),
    fc.constantFrom(' ', ' ', '  ', '\t', ''),
    scalar,
    comment,
  );
  const lines = fc.array(
    fc.oneof(line, item).map((parts) => parts.join('')),
    { minLength: 1, maxLength: 3 },
  );
  const plain = lines.map((all) => all.join('\n'));
  if (depth > 2) {
    return plain;
  }
  const nested = fc
    .tuple(
      pad,
      word,
      fc.constantFrom(':', ': &a', ': &b', ':  ', ': |', ': >-', ': !!map', ': !!set'),
      block(depth + 1),
    )
    .map(([space, key, sign, inner]) => `${space}${key}${sign}\n${inner}`);
  const listed = fc
    .tuple(pad, block(depth + 1))
    .map(([space, inner]) => `${space}- ${inner.trimStart()}`);
  return fc
    .array(fc.oneof(plain, nested, listed), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('\n'));
}

const flow = fc.letrec<{ value: string; list: string; map: string }>((tie) => ({
  value: fc.oneof({ weight: 4, arbitrary: scalar }, tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
  map: fc
    .array(fc.tuple(word, fc.constantFrom(': ', ':', ' : '), tie('value')), { maxLength: 3 })
    .map((pairs) => `{${pairs.map((pair) => pair.join('')).join(', ')}}`),
})).value;

const soup = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 14 })
  .map((pieces) => pieces.join(''));

const start = fc.constantFrom(
  ...Array<string>(12).fill(''),
  '---\n',
  '--- ',
  '%YAML 1.1\n---\n',
  '\ufeff',
  '%TAG ! tag:x,2000:\n---\n',
  '#cloud-config\n',
  '...\n',
);
const end = fc.constantFrom(
  ...Array<string>(12).fill('\n'),
  '',
  '\n...\n',
  '\n---\n',
  '\n---\na\n',
  '\n# end',
  '\n\n',
);
const whole = fc
  .tuple(
    start,
    fc.oneof(
      block(0),
      block(0),
      flow,
      flow.map((one) => `k: ${one}`),
      soup,
    ),
    end,
  )
  .map((parts) => parts.join(''));

/** Texts of every kind, some changed in one or two places. */
export const yamlText: fc.Arbitrary<string> = fc
  .tuple(
    whole,
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...PIECES)), { maxLength: 2 }),
    fc.boolean(),
  )
  .map(([text, changes, isChanged]) =>
    isChanged
      ? changes.reduce((changed, [place, drop, piece]) => {
          const characters = Array.from(changed);
          characters.splice(place % (characters.length + 1), drop, piece);
          return characters.join('');
        }, text)
      : text,
  )
  .filter((text) => text.isWellFormed());
