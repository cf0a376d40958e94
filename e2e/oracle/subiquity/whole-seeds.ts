/** An autoinstall, as it is written below `autoinstall`. */
export type Autoinstall = Readonly<Record<string, unknown>>;

const HASH = `$6$saltsalt$${'a'.repeat(86)}`;
const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFE2pdgXi1lB9pR2kTuzFY5O8dRCGLrrsNE4Y0fQrx3t a@example';

/** Valid seeds; together they have every section that Subiquity of 24.04 reads. */
export const WHOLE_SEEDS: Readonly<Record<string, Autoinstall>> = {
  usual: {
    version: 1,
    'early-commands': ['true', ['echo', 'a']],
    'late-commands': ['true'],
    'error-commands': [['true']],
    locale: 'de_DE.UTF-8',
    keyboard: { layout: 'de', variant: 'nodeadkeys', toggle: null },
    timezone: 'Europe/Berlin',
    source: { id: 'ubuntu-server', search_drivers: false },
    'refresh-installer': { update: false, channel: 'edge' },
    proxy: 'http://proxy.example:3128',
    network: {
      version: 2,
      ethernets: {
        lan: {
          match: { name: 'en*' },
          optional: true,
          addresses: ['192.0.2.10/24'],
          routes: [{ to: 'default', via: '192.0.2.1' }],
          nameservers: { addresses: ['192.0.2.53'], search: ['example.com'] },
        },
      },
    },
    storage: { layout: { name: 'lvm', 'sizing-policy': 'all', match: { size: 'largest' } } },
    identity: { realname: 'Ada', username: 'ada', hostname: 'box', password: HASH },
    ssh: { 'install-server': true, 'authorized-keys': [KEY], 'allow-pw': true },
    packages: ['htop'],
    snaps: [{ name: 'etcd', channel: '3.2/stable', classic: false }],
    updates: 'all',
    shutdown: 'poweroff',
  },
  cloud: {
    version: 1,
    'user-data': {
      hostname: 'box',
      users: [{ name: 'ada', passwd: HASH, lock_passwd: false, ssh_authorized_keys: [KEY] }],
      packages: ['htop'],
      runcmd: ['true'],
      write_files: [{ path: '/etc/motd', content: 'hello' }],
    },
    apt: {
      preserve_sources_list: false,
      'mirror-selection': {
        primary: ['country-mirror', { uri: 'http://mirror.example/ubuntu', arches: ['amd64'] }],
      },
      geoip: false,
      fallback: 'offline-install',
      disable_components: ['multiverse'],
      preferences: [{ package: 'a', pin: 'release a=x', 'pin-priority': 100 }],
      sources: { own: { source: 'deb http://own.example/ubuntu noble main' } },
    },
    kernel: { flavor: 'hwe' },
    codecs: { install: false },
    drivers: { install: false },
    oem: { install: 'auto' },
    'debconf-selections': 'a a/b boolean true',
    reporting: { console: { type: 'print' } },
    storage: { layout: { name: 'direct' }, swap: { size: 0 } },
    timezone: 'geoip',
    updates: 'security',
  },
};

/** Values that somebody might write anywhere. */
const ANYTHING: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 1.5, '', 'x', 'yes', 'a b', '/', 'ä', [], ['x'], [1], {}],
  ...[{ a: 1 }, [['x']], [{}], 'none', '0', ' ', 'x\ny', 'auto'],
];

/** What is worth trying for one key. */
const BY_KEY: Readonly<Record<string, readonly unknown[]>> = {
  version: [1, 2, '1', 1.0],
  locale: ['C', 'C.UTF-8', 'en_US', 'en_US.UTF-8', 'de', 'xx_XX.UTF-8', 'en-US', 'de_DE@euro'],
  layout: ['us', 'de', 'zz', 'gb', 'jp', 'ru', 'DE', { name: 'zfs' }, { name: 'direct' }],
  variant: ['', 'nodeadkeys', 'intl', 'zz', 'dvorak'],
  toggle: ['alt_shift_toggle', 'caps_toggle', 'zz', null],
  timezone: ['Etc/UTC', 'UTC', 'geoip', '', 'Europe/Nowhere', 'CET', 'europe/berlin', '/etc/x'],
  id: ['ubuntu-server', 'ubuntu-server-minimal', 'synthesized', 'ubuntu-desktop', 'Ubuntu-Server'],
  channel: ['stable', 'latest/stable', '3.2/stable', 'x/y/z', ''],
  proxy: ['http://p.example', 'p.example:80', 'ftp://x', null, ''],
  username: ['ada', 'Ada', '1ada', 'root', 'ada.b', 'admin', 'a'.repeat(33), 'a b', 'ada$', '_ada'],
  hostname: [
    'box',
    'box.example.com',
    'my_box',
    '-box',
    'a'.repeat(64),
    'a'.repeat(65),
    'BOX',
    '1',
  ],
  realname: ['', 'Ada L', 'a:b', 'a,b'],
  password: ['*', '!', 'hunter2', HASH, '$1$a$b', 'a:b'],
  'authorized-keys': [[], [KEY], [`${KEY} \n`], ['ssh-rsa x'], KEY, [null]],
  packages: [[], ['htop'], ['a b'], ['htop='], ['Htop'], ['task^'], 'htop'],
  name: ['etcd', 'nothing', 'Etcd', 'lvm', 'direct', 'zfs', 'dd', 'hybrid', 'en*'],
  updates: ['all', 'security', 'none', ''],
  shutdown: ['reboot', 'poweroff', 'halt', ''],
  fallback: ['abort', 'continue-anyway', 'offline-install', 'x'],
  primary: [[], ['country-mirror'], [{ uri: 'auto' }], [{ uri: 'x', arches: ['zz'] }], [{}]],
  arches: [['amd64'], ['default'], [], ['zz'], 'amd64'],
  uri: ['http://mirror.example', 'auto', 'x', ''],
  disable_components: [[], ['universe'], ['main'], ['x'], ['restricted', 'multiverse']],
  flavor: ['generic', 'hwe', 'oem', 'lowlatency', 'x', null],
  package: ['linux-generic', 'x', ''],
  kernel: [{ package: 'linux-generic' }, { flavor: 'hwe' }, { package: 'a', flavor: 'b' }, {}],
  install: [true, false, 'auto', 'yes'],
  'sizing-policy': ['scaled', 'all', 'x', null],
  match: [{ size: 'largest' }, { size: 'smallest' }, { ssd: true }, { serial: 'none' }, { x: 1 }],
  type: ['print', 'log', 'webhook', 'rsyslog', 'x', 'journald', 'none'],
  endpoint: ['http://x.example', ''],
  'early-commands': [[], ['x'], [['a', 'b']], ['a: b'], [{ a: 'b' }], 'x', [[]], ['']],
  'interactive-sections': [[], ['network'], ['*'], ['x'], 'network'],
  addresses: [['192.0.2.10/24'], ['192.0.2.10'], ['x'], [], '192.0.2.10/24', ['2001:db8::1/64']],
  via: ['192.0.2.1', 'x', '2001:db8::1'],
  to: ['default', '0.0.0.0/0', 'all', 'x'],
  users: [[], ['default'], [{ name: 'ada' }], [{}], 'ada', [{ name: 'Ada B' }], { name: 'ada' }],
  'user-data': [{}, { users: [] }, { user: 'x' }, { disable_root: true }, { runcmds: [] }, null],
  swap: [{ size: 0 }, { size: '1G' }, { size: '1GiB' }, { maxsize: 'x' }],
  'ubuntu-pro': [{ token: `C${'1'.repeat(23)}` }, { token: 'x' }, {}],
  'active-directory': [{ 'admin-name': 'a', 'domain-name': 'b.example' }, { 'admin-name': 'a' }],
};

/** Sections that are added, too. */
const TOP = ['interactive-sections', 'ubuntu-pro', 'active-directory', 'kernel', 'user-data', 'zz'];

type Random = () => number;

function pick<T>(values: readonly T[], random: Random): T | undefined {
  return values[Math.floor(random() * values.length)];
}

type Place = readonly [parent: Record<string, unknown>, key: string];

function places(value: unknown): Place[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]): Place[] => [
        [value as Record<string, unknown>, key],
        ...places(inner),
      ])
    : [];
}

/** A seed with one thing changed, now and then two, as `random` says. */
export function mutateSeed(seed: Autoinstall, random: Random): Autoinstall {
  const copy = structuredClone(seed) as Record<string, unknown>;
  for (let time = random() < 0.8 ? 1 : 0; time < 2; time++) {
    once(copy, random);
  }
  return copy;
}

function once(seed: Record<string, unknown>, random: Random): void {
  const how = random();
  if (how < 0.12) {
    const key = pick(TOP, random) ?? '';
    seed[key] = structuredClone(pick(BY_KEY[key] ?? ANYTHING, random));
    return;
  }
  // Sections first: a long one must not take all the turns.
  const section = pick(Object.keys(seed), random) ?? '';
  const [parent, key] = pick([[seed, section] as Place, ...places(seed[section])], random) ?? [
    seed,
    section,
  ];
  if (how < 0.24) {
    Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key];
  } else if (how < 0.3 && !Array.isArray(parent)) {
    parent[`${key}s`] = parent[key];
    delete parent[key];
  } else {
    const own = BY_KEY[key];
    const values = own === undefined || random() < 0.3 ? ANYTHING : own;
    parent[key] = structuredClone(pick(values, random));
  }
}
