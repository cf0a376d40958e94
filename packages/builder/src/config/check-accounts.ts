import { FIRST_USER_ID, Problem, type ProblemDetail, show } from '@micro-linux/provision';
import type { Config } from './config.ts';

type Accounts = Pick<Config, 'groups'> & {
  readonly user: Pick<Config['user'], 'name'>;
  readonly users: readonly Pick<
    Config['users'][number],
    'name' | 'id' | 'group' | 'groups' | 'home'
  >[];
};

/** Refuses names and numbers that are used twice, and primary groups that the config lacks. */
export function checkAccounts(config: Accounts): readonly Problem[] {
  const { user, users, groups } = config;
  const places = [
    { name: user.name, id: FIRST_USER_ID, at: ['user'], isUser: true, hasGroup: true },
    ...users.map(({ name, id, group }, index) => ({
      ...{ name, id, at: ['users', index], isUser: true, hasGroup: group === undefined },
    })),
    ...groups.map(({ name, id }, index) => ({
      ...{ name, id, at: ['groups', index], isUser: false, hasGroup: true },
    })),
  ];
  const twice = places.flatMap((place, index) => {
    const earlier = places
      .slice(0, index)
      .filter((one) => (one.isUser && place.isUser) || (one.hasGroup && place.hasGroup));
    const sameName = earlier.find(({ name }) => name === place.name);
    const sameId = earlier.find(({ id }) => id === place.id);
    return [
      ...(sameName
        ? [
            problem(`${show(place.name)} is used twice`, 'write another name', [
              ...place.at,
              'name',
            ]),
          ]
        : []),
      ...(sameId && !sameName
        ? [
            problem(
              `${place.id} is the number of ${show(sameId.name)} too`,
              'write another number, and keep it in all later versions',
              [...place.at, 'id'],
            ),
          ]
        : []),
    ];
  });
  const known = new Set(groups.map(({ name }) => name));
  const homes = [{ name: user.name, home: `/home/${user.name}` }, ...users];
  return [
    ...twice,
    ...users.flatMap(({ name, home, group, groups: others }, index) => [
      ...homes
        .slice(0, index + 1)
        .flatMap((other) =>
          home !== undefined && other.home === home
            ? [
                problem(
                  `${show(home)} is the home of ${show(other.name)} too`,
                  'write another one',
                  [...['users', index, 'home']],
                ),
              ]
            : [],
        ),
      ...(group === undefined || known.has(group)
        ? []
        : [
            problem(
              `${show(group)} is not a group of the config, and only such can be a primary group`,
              `add it under groups with a number, or write it under users[${index}].groups`,
              ['users', index, 'group'],
            ),
          ]),
      ...(others.includes('sudo')
        ? [
            problem(
              `the group sudo allows ${show(name)} everything`,
              'leave it out, and write sudo: password or sudo: nopasswd',
              ['users', index, 'groups'],
            ),
          ]
        : []),
    ]),
  ];
}

/** Refuses rules for a sudo that the image does not have. */
export function checkSudo({
  packages,
  user,
  users,
}: {
  readonly packages: Pick<Config['packages'], 'remove'>;
  readonly user: Pick<Config['user'], 'sudo'>;
  readonly users: readonly Pick<Config['users'][number], 'sudo'>[];
}): readonly Problem[] {
  const fix = 'keep the package, or leave the rule out';
  const what = 'has no effect: packages.remove leaves sudo out';
  return packages.remove.includes('sudo')
    ? [
        ...(user.sudo === undefined ? [] : [problem(what, fix, ['user', 'sudo'])]),
        ...users.flatMap(({ sudo }, index) =>
          sudo.kind === 'none' ? [] : [problem(what, fix, ['users', index, 'sudo'])],
        ),
      ]
    : [];
}

function problem(what: string, fix: string, at: NonNullable<ProblemDetail['at']>): Problem {
  return new Problem(what, fix, { at });
}
