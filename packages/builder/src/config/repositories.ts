import { Problem, show } from '@micro-linux/provision';
import { profileOf } from '../profiles/index.ts';
import type { ProfileName } from '../profiles/profile.ts';
import { VENDORS } from '../profiles/vendors.ts';

/** A package archive in addition to the distribution's, in the terms of sources.list(5). */
export interface RepositoryConfig {
  /** Names its files below /etc/apt. */
  readonly name: string;
  /** Without a trailing slash; the first that answers is used. */
  readonly uris: readonly string[];
  /** A suite that ends in a slash is a path: a flat archive. */
  readonly suites: readonly string[];
  /** Empty for a flat archive. */
  readonly components: readonly string[];
  /** File with the public keys, absolute once loaded. */
  readonly signedBy: string;
  /** Of the only key that the file may contain, upper case; undefined: any. */
  readonly fingerprint: string | undefined;
  /** Priority of all its packages, see apt_preferences(5); undefined: apt's. */
  readonly pin: number | undefined;
  /** Whether apt on the device uses it too. */
  readonly keep: boolean;
}

/** Refuses what cannot name a file of apt. */
export function checkRepositoryName(name: string): Problem | undefined {
  return /^[a-z0-9][a-z0-9_.-]{0,63}$/.test(name)
    ? undefined
    : new Problem(
        `${show(name)} cannot name a repository`,
        "write lower-case letters, digits, '-', '_' or '.', such as vendor",
      );
}

/** Refuses what is neither the name of a suite nor the path of a flat archive. */
export function checkSuite(suite: string): Problem | undefined {
  return /^[A-Za-z0-9.][A-Za-z0-9._+/-]*$/.test(suite) && !suite.split('/').includes('..')
    ? undefined
    : new Problem(
        `${show(suite)} is not a suite`,
        'write a name such as stable, or a path that ends in / for an archive without suites, such as ./',
      );
}

/** Refuses what is not the name of a component. */
export function checkComponent(component: string): Problem | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9._+/-]*$/.test(component)
    ? undefined
    : new Problem(`${show(component)} is not a component`, 'write a name such as main');
}

/** A fingerprint in upper case without spaces: 40 hex digits, or 64 of newer keys. */
export function parseFingerprint(text: string): string | Problem {
  const digits = text.replaceAll(/[\s:]/g, '').toUpperCase();
  return /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(digits)
    ? digits
    : new Problem(
        `${show(text)} is not a fingerprint`,
        'write the 40 hex digits that gpg --show-keys FILE prints; a short key id is not enough',
      );
}

/** Refuses components of a flat archive, and suites without components. */
function checkSuites(repository: {
  readonly suites: readonly string[];
  readonly components: readonly string[];
}): Problem | undefined {
  const flat = repository.suites.filter((suite) => suite.endsWith('/'));
  const { components, suites } = repository;
  if (suites.length === 0) {
    return new Problem('names no suite', 'write at least one, such as stable', { at: ['suites'] });
  }
  if (flat.length > 0 && flat.length < suites.length) {
    return new Problem(
      `${flat.map(show).join(', ')} is a path, and the others are names`,
      'write two repositories: one for the paths, one for the names',
      { at: ['suites'] },
    );
  }
  return flat.length === 0 && components.length === 0
    ? new Problem('names no component', 'write at least one, such as main', { at: ['components'] })
    : flat.length > 0 && components.length > 0
      ? new Problem(
          'an archive without suites has no components',
          'remove the components, or the slash at the end of the suite',
          { at: ['components'] },
        )
      : undefined;
}

/** A repository as it is written: in full, or as `ppa: owner/name`. */
export interface RepositoryDraft {
  readonly ppa?: string | undefined;
  readonly name?: string | undefined;
  readonly uris?: readonly string[] | undefined;
  readonly suites?: readonly string[] | undefined;
  readonly components: readonly string[];
  readonly signedBy: string;
  readonly fingerprint?: string | undefined;
  readonly pin?: number | undefined;
  readonly keep: boolean;
}

/** Refuses what is not `owner/name`, with or without `ppa:` before it. */
export function checkPpa(text: string): Problem | undefined {
  return PPA.test(text)
    ? undefined
    : new Problem(`${show(text)} is not a PPA`, 'write its owner and name: owner/name');
}

const PPA = /^(?:ppa:)?([a-z0-9][a-z0-9.+-]*)\/([a-z0-9][a-z0-9.+-]*)$/;

/** Refuses a repository that is neither a PPA with a fingerprint nor complete. */
export function checkRepository(draft: RepositoryDraft): Problem | readonly Problem[] | undefined {
  const { ppa, suites } = draft;
  if (ppa === undefined) {
    const missing = (['name', 'uris', 'suites'] as const).filter((key) => draft[key] === undefined);
    return missing.length > 0
      ? missing.map((key) => new Problem('is missing', undefined, { at: [key] }))
      : checkSuites({ ...draft, suites: suites ?? [] });
  }
  const stray = (['suites', 'components'] as const).filter((key) => (draft[key] ?? []).length > 0);
  return [
    ...stray.map((key) => new Problem('follows from ppa', `remove ${key}, or ppa`, { at: [key] })),
    ...(draft.uris === undefined
      ? [
          new Problem(
            'is missing: the address of the service that has the PPA',
            `write what the page of the PPA shows in front of /${ppa.replace(/^ppa:/, '')}`,
            { at: ['uris'] },
          ),
        ]
      : []),
    ...(draft.fingerprint === undefined
      ? [
          new Problem(
            'is missing: anybody can have a PPA, so the key alone says little',
            'write the fingerprint that the page of the PPA shows',
            { at: ['fingerprint'] },
          ),
        ]
      : []),
  ];
}

/** A repository with everything that its PPA implies, for a release. */
export function resolveRepository(draft: RepositoryDraft, profile: ProfileName): RepositoryConfig {
  const { ppa, ...rest } = draft;
  const { suite } = profileOf(profile);
  const [, owner, archive] = PPA.exec(ppa ?? '') ?? [];
  const common = { ...rest, fingerprint: rest.fingerprint, pin: rest.pin };
  return owner === undefined || archive === undefined
    ? { ...common, name: nameOf(draft), uris: rest.uris ?? [], suites: rest.suites ?? [] }
    : {
        ...common,
        name: nameOf(draft),
        uris: (rest.uris ?? []).map((service) => `${service}/${owner}/${archive}/ubuntu`),
        suites: [suite],
        components: ['main'],
      };
}

function nameOf({ name, ppa }: Pick<RepositoryDraft, 'name' | 'ppa'>): string {
  return name ?? (ppa === undefined ? '' : `ppa-${ppa.replace(/^ppa:/, '').replace('/', '-')}`);
}

/** Refuses two repositories with one name, and PPAs for a distribution without them. */
export function checkRepositories(
  profile: ProfileName,
  repositories: readonly Pick<RepositoryDraft, 'name' | 'ppa'>[],
): readonly Problem[] {
  const names = repositories.map(nameOf);
  const { vendor } = profileOf(profile);
  const isKnown = VENDORS[vendor].personalArchives;
  return repositories.flatMap(({ ppa }, index) => [
    ...(names.indexOf(names[index] ?? '') === index
      ? []
      : [
          new Problem(
            `${show(names[index] ?? '')} is the name of another repository too`,
            'choose another name',
            { at: ['repositories', index, 'name'] },
          ),
        ]),
    ...(ppa === undefined || isKnown
      ? []
      : [
          new Problem(
            `PPAs are for Ubuntu, and ${profile} is ${vendor}`,
            'choose a profile of Ubuntu, or name another archive',
            { at: ['repositories', index, 'ppa'] },
          ),
        ]),
  ]);
}

/** Refuses components that the distribution does not have. */
export function checkComponents(
  profile: ProfileName,
  components: readonly string[],
): readonly Problem[] {
  const { vendor } = profileOf(profile);
  const known = VENDORS[vendor].components;
  return components.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          new Problem(
            `${show(name)} is not a component of ${vendor}`,
            `write one of ${known.join(', ')}; archives of others are listed under repositories`,
            { at: ['packages', 'components', index] },
          ),
        ],
  );
}
