import { GIB, MIB } from '@micro-linux/core';
import { type AgentConfig, defaultConfig, neededDiskBytes } from '@micro-linux/provision';
import { HASHES, KEYS } from '@micro-linux/provision/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configSchema } from './schema.ts';

const issuesOf = (value: unknown) =>
  configSchema.safeParse(value).error?.issues.map(({ path }) => path.join('.')) ?? [];

const FINGERPRINT = '0123456789ABCDEF0123456789ABCDEF01234567';
const REPOSITORY = {
  name: 'vendor',
  uris: ['https://packages.example/debian/'],
  suites: ['stable'],
  components: ['main'],
  signedBy: 'keys/vendor.asc',
};
const PPA = {
  ppa: 'owner/name',
  uris: ['https://ppa.example'],
  signedBy: 'keys/ppa.asc',
  fingerprint: FINGERPRINT,
};
const REPOSITORY_OUTPUT = {
  ...REPOSITORY,
  uris: ['https://packages.example/debian'],
  fingerprint: FINGERPRINT,
  pin: undefined,
  keep: false,
};

/** The keys about the running system, if none is set. */
const UNCHANGED_SYSTEM = {
  services: { enable: [], disable: [], mask: [] },
  modules: { load: [], blacklist: [], options: {} },
  sysctl: {},
  ntp: { servers: [], fallback: [] },
  swap: {},
  environment: {},
  agent: { ...omitBoot(defaultConfig()), health: { ...defaultConfig().health, scripts: [] } },
};

function omitBoot({ boot: _, signatures: __, ...rest }: AgentConfig) {
  return rest;
}

test('an empty configuration is the default one, with every key', () => {
  expect(configSchema.parse({})).toStrictEqual({
    profile: 'noble',
    version: '0.1.0',
    compatible: 'micro-linux-x86_64',
    mirror: undefined,
    keyring: undefined,
    packages: { add: [], components: [], local: [], remove: [] },
    repositories: [],
    hooks: { rootfs: [], image: [] },
    overlay: [],
    files: [],
    initial: [],
    owners: {},
    kernel: { package: undefined, arguments: [] },
    hostname: 'micro-linux',
    user: { name: 'micro', sshKeys: [], password: { kind: 'generate' } },
    users: [],
    groups: [],
    network: { kind: 'dhcp', interface: undefined },
    disk: { sizeBytes: 8 * GIB, slotBytes: 2 * GIB, espBytes: 256 * MIB, sectorBytes: 512 },
    console: ['tty0', 'ttyS0,115200'],
    timezone: 'Etc/UTC',
    locale: 'C.UTF-8',
    ...UNCHANGED_SYSTEM,
    cloudInit: { enabled: false, datasources: ['NoCloud', 'ConfigDrive'] },
    boot: { timeoutSeconds: 1, tries: 1, counter: 3 },
    prune: { documentation: true, locales: true, hwdb: true, firmware: true, paths: [] },
    update: {
      rollbackIndex: 0,
      trustedKeys: [],
      revokedKeys: [],
      signingKey: undefined,
      signCommand: undefined,
      signingPublicKey: undefined,
      threshold: 1,
      compressionLevel: 9,
      minimumAgent: undefined,
      developmentKey: 'keys/development.pem',
    },
    install: {
      disk: {
        size: 'largest',
        serial: undefined,
        model: undefined,
        path: undefined,
        ssd: undefined,
      },
      preserveData: false,
      countdownSeconds: 10,
      shutdown: 'reboot',
      earlyCommands: [],
      lateCommands: [],
      errorCommands: [],
    },
  });
});

test('a full configuration is converted to the builder’s form', () => {
  expect(
    configSchema.parse({
      profile: 'trixie',
      version: '1.2.3-rc.1',
      compatible: 'gate',
      mirror: 'https://mirror.example/debian/',
      keyring: 'keys/a.gpg',
      packages: {
        add: ['curl', 'curl', 'jq=1.6-2'],
        components: ['contrib'],
        local: ['debs'],
        remove: ['procps'],
      },
      repositories: [
        {
          ...REPOSITORY,
          fingerprint: `${FINGERPRINT.slice(0, 20)} ${FINGERPRINT.slice(20).toLowerCase()}`,
        },
      ],
      hooks: {
        rootfs: ['a.sh'],
        image: [{ script: 'b.sh', arguments: ['x'], network: true, inputs: ['in'] }],
      },
      kernel: { package: 'linux-image-amd64', arguments: ' quiet\n  mitigations=off ' },
      hostname: 'gate-1',
      user: { name: 'me', sshKeys: [`${KEYS[0]}\n`], password: HASHES[0] },
      network: {
        kind: 'static',
        interface: 'eth0',
        address: '192.0.2.10',
        prefix: 24,
        gateway: '192.0.2.1',
        dns: ['192.0.2.53', '2001:db8::53'],
      },
      disk: { size: 4 * GIB, slot: '1G', esp: '64M' },
      console: ['hvc0'],
      timezone: 'Europe/Berlin',
      locale: 'de_DE.UTF-8',
      ...UNCHANGED_SYSTEM,
      cloudInit: { enabled: true, datasources: ['Ec2', 'Ec2', 'None'] },
      boot: { timeoutSeconds: 60, tries: 7, counter: 7 },
      prune: { documentation: false, paths: ['/usr/share/fonts/*'] },
      update: {
        rollbackIndex: 3,
        trustedKeys: ['keys/a.pub.pem', 'keys/b.pub.pem'],
        revokedKeys: ['0'.repeat(32), '0'.repeat(32)],
        signCommand: './sign.sh',
        signingPublicKey: 'keys/a.pub.pem',
        threshold: 2,
        compressionLevel: 19,
        minimumAgent: '0.2.0',
      },
      install: {
        disk: { size: 'smallest', serial: 'S4*', model: 'Disk ?', path: '/dev/sd*', ssd: false },
        preserveData: true,
        countdownSeconds: 30,
        shutdown: 'poweroff',
        earlyCommands: ['modprobe x'],
        lateCommands: [['logger', 'done']],
        errorCommands: ['a\nb'],
      },
    }),
  ).toStrictEqual({
    profile: 'trixie',
    version: '1.2.3-rc.1',
    compatible: 'gate',
    mirror: {
      archive: 'https://mirror.example/debian',
      security: 'https://mirror.example/debian-security',
    },
    keyring: 'keys/a.gpg',
    packages: {
      add: ['curl', 'jq=1.6-2'],
      components: ['contrib'],
      local: ['debs'],
      remove: ['procps'],
    },
    repositories: [REPOSITORY_OUTPUT],
    hooks: {
      rootfs: [{ script: 'a.sh', arguments: [], network: false, timeoutSeconds: 600, inputs: [] }],
      image: [
        { script: 'b.sh', arguments: ['x'], network: true, timeoutSeconds: 600, inputs: ['in'] },
      ],
    },
    overlay: [],
    files: [],
    initial: [],
    owners: {},
    kernel: { package: 'linux-image-amd64', arguments: ['quiet', 'mitigations=off'] },
    hostname: 'gate-1',
    user: { name: 'me', sshKeys: [KEYS[0]], password: { kind: 'hash', hash: HASHES[0] } },
    users: [],
    groups: [],
    network: {
      kind: 'static',
      interface: 'eth0',
      address: '192.0.2.10',
      prefix: 24,
      gateway: '192.0.2.1',
      dns: ['192.0.2.53', '2001:db8::53'],
    },
    disk: { sizeBytes: 4 * GIB, slotBytes: GIB, espBytes: 64 * MIB, sectorBytes: 512 },
    console: ['hvc0'],
    timezone: 'Europe/Berlin',
    locale: 'de_DE.UTF-8',
    ...UNCHANGED_SYSTEM,
    cloudInit: { enabled: true, datasources: ['Ec2', 'None'] },
    boot: { timeoutSeconds: 60, tries: 7, counter: 7 },
    prune: {
      documentation: false,
      locales: true,
      hwdb: true,
      firmware: true,
      paths: ['/usr/share/fonts/*'],
    },
    update: {
      rollbackIndex: 3,
      trustedKeys: ['keys/a.pub.pem', 'keys/b.pub.pem'],
      revokedKeys: ['0'.repeat(32)],
      signingKey: undefined,
      signCommand: './sign.sh',
      signingPublicKey: 'keys/a.pub.pem',
      threshold: 2,
      compressionLevel: 19,
      minimumAgent: '0.2.0',
      developmentKey: 'keys/development.pem',
    },
    install: {
      disk: { size: 'smallest', serial: 'S4*', model: 'Disk ?', path: '/dev/sd*', ssd: false },
      preserveData: true,
      countdownSeconds: 30,
      shutdown: 'poweroff',
      earlyCommands: ['modprobe x'],
      lateCommands: [['logger', 'done']],
      errorCommands: ['a\nb'],
    },
  });
});

test('a static network without gateway and DNS has an undefined gateway and no servers', () => {
  const network = { kind: 'static', interface: 'eth0', address: '2001:db8::10', prefix: 64 };
  expect(configSchema.parse({ network }).network).toStrictEqual({
    ...network,
    gateway: undefined,
    dns: [],
  });
});

test.each([
  [{ nonsense: 1 }, ['']],
  [
    { network: { kind: 'dhcp', address: '192.0.2.10', dns: [] } },
    ['network.address', 'network.dns'],
  ],
  [{ network: { kind: 'static' } }, ['network.interface', 'network.address', 'network.prefix']],
  [
    {
      network: {
        kind: 'static',
        interface: 'eth0',
        address: '192.0.2.10',
        prefix: 24,
        gateway: '192.0.3.1',
      },
    },
    ['network.gateway'],
  ],
  [{ user: { password: 'disabled' } }, ['user.password']],
  [{ packages: { add: ['curl'], remove: ['curl'] } }, ['packages.remove']],
  [{ packages: { add: ['curl=1'], remove: ['curl'] } }, ['packages.remove']],
  [{ packages: { add: ['curl=1', 'curl/sid'] } }, ['packages.add']],
  [{ packages: { add: ['./app.deb'] } }, ['packages.add.0']],
  [{ packages: { add: ['app_1.0_amd64.deb'] } }, ['packages.add.0']],
  [{ packages: { add: ['curl:arm64'] } }, ['packages.add.0']],
  [{ packages: { add: ['curl='] } }, ['packages.add.0']],
  [{ packages: { add: ['curl/'] } }, ['packages.add.0']],
  [{ packages: { add: ['curl=1 jq'] } }, ['packages.add.0']],
  [{ packages: { remove: ['curl=1'] } }, ['packages.remove.0']],
  [{ packages: { local: ['~/debs'] } }, ['packages.local.0']],
  [{ packages: { components: ['restricted'] }, profile: 'bookworm' }, ['packages.components.0']],
  [{ repositories: [{ ...PPA, fingerprint: undefined }] }, ['repositories.0.fingerprint']],
  [{ repositories: [{ ...PPA, uris: undefined }] }, ['repositories.0.uris']],
  [{ repositories: [{ ...PPA, suites: ['noble'] }] }, ['repositories.0.suites']],
  [{ repositories: [{ ...PPA, ppa: 'name' }] }, ['repositories.0.ppa']],
  [{ repositories: [PPA], profile: 'trixie' }, ['repositories.0.ppa']],
  [{ repositories: [PPA, PPA] }, ['repositories.1.name']],
  [
    { repositories: [{ signedBy: 'x' }] },
    ['name', 'uris', 'suites'].map((key) => `repositories.0.${key}`),
  ],
  [{ repositories: [REPOSITORY], mirrorAuth: 'env:' }, ['mirrorAuth']],
  [{ repositories: [REPOSITORY], mirrorAuth: '~/auth' }, ['mirrorAuth']],
  [{ repositories: [REPOSITORY, REPOSITORY] }, ['repositories.1.name']],
  [{ repositories: [{ ...REPOSITORY, name: '../x' }] }, ['repositories.0.name']],
  [
    { repositories: [{ ...REPOSITORY, uris: ['https://me:pw@packages.example'] }] },
    ['repositories.0.uris.0'],
  ],
  [{ repositories: [{ ...REPOSITORY, suites: ['./'] }] }, ['repositories.0.components']],
  [{ repositories: [{ ...REPOSITORY, suites: [] }] }, ['repositories.0.suites']],
  [{ repositories: [{ ...REPOSITORY, components: [] }] }, ['repositories.0.components']],
  [{ repositories: [{ ...REPOSITORY, suites: ['a b'] }] }, ['repositories.0.suites.0']],
  [{ repositories: [{ ...REPOSITORY, components: ['main\nx'] }] }, ['repositories.0.components.0']],
  [{ repositories: [{ ...REPOSITORY, fingerprint: '89ABCDEF' }] }, ['repositories.0.fingerprint']],
  [{ repositories: [{ ...REPOSITORY, pin: 99_999 }] }, ['repositories.0.pin']],
  [{ hooks: { rootfs: [{ network: true }] } }, ['hooks.rootfs.0']],
  [{ hooks: { rootfs: [{ script: 'a', timeoutSeconds: 0 }] } }, ['hooks.rootfs.0.timeoutSeconds']],
  [{ hooks: { rootfs: [{ script: 'a', inputs: [''] }] } }, ['hooks.rootfs.0.inputs.0']],
  [{ console: [] }, ['console']],
  [{ disk: { esp: '63M' } }, ['disk.esp']],
  [{ disk: { size: '4G' } }, ['disk.size']],
  [{ cloudInit: { enabled: 'yes' } }, ['cloudInit.enabled']],
  [{ cloudInit: { datasources: [] } }, ['cloudInit.datasources']],
  [{ cloudInit: { datasources: ['nocloud'] } }, ['cloudInit.datasources.0']],
  [{ boot: { timeoutSeconds: 61 } }, ['boot.timeoutSeconds']],
  [{ boot: { timeoutSeconds: 0 } }, ['boot.timeoutSeconds']],
  [{ boot: { tries: 0, counter: 8 } }, ['boot.tries', 'boot.counter']],
  [{ boot: { tries: 1.5 } }, ['boot.tries']],
  [{ prune: { hwdb: 'yes' } }, ['prune.hwdb']],
  [{ mirror: { security: 'https://mirror.example/' } }, ['mirror']],
  [{ profile: 'bookworm', mirror: 'https://mirror.example/x' }, ['mirror']],
  [{ update: { rollbackIndex: -1, threshold: 0 } }, ['update.rollbackIndex', 'update.threshold']],
  [{ update: { compressionLevel: 23 } }, ['update.compressionLevel']],
  [{ update: { revokedKeys: ['ABC'] } }, ['update.revokedKeys.0']],
  [{ update: { trustedKeys: ['~/a.pem'] } }, ['update.trustedKeys.0']],
  [{ update: { trustedKeys: ['a.pem'], threshold: 2 } }, ['update.threshold']],
  [{ update: { threshold: 2 } }, ['update.threshold']],
  [{ update: { signingKey: 'a.pem', signCommand: 'x' } }, ['update.signCommand']],
  [{ update: { signCommand: 'x' } }, ['update.signingPublicKey']],
  [{ update: { signingPublicKey: 'a.pem' } }, ['update.signingPublicKey']],
  [{ update: { signCommand: ' ', signingPublicKey: 'a.pem' } }, ['update.signCommand']],
  [{ update: { minimumAgent: '1' } }, ['update.minimumAgent']],
  [{ install: { disk: { size: 'big', vendor: 'x' } } }, ['install.disk.size', 'install.disk']],
  [
    { install: { disk: { serial: ' ', model: 'a\nb' } } },
    ['install.disk.serial', 'install.disk.model'],
  ],
  [{ install: { disk: { path: 'vda', ssd: 'yes' } } }, ['install.disk.path', 'install.disk.ssd']],
  [{ install: { disk: { path: '/dev/disk/by-id/x' } } }, ['install.disk.path']],
  [{ install: { shutdown: 'restart' } }, ['install.shutdown']],
  [
    { install: { lateCommands: ['', [], [' ']] } },
    [0, 1, 2].map((at) => `install.lateCommands.${at}`),
  ],
  [
    { install: { lateCommands: ['a\rb', 'a\u2028b', ['a', '\x85']] } },
    [0, 1, 2].map((at) => `install.lateCommands.${at}`),
  ],
  [{ install: { lateCommands: 'logger' } }, ['install.lateCommands']],
  [{ install: { lateCommands: [{ 'echo done': 'x' }] } }, ['install.lateCommands.0']],
])('%j is refused at %j', (value, paths) => {
  expect(issuesOf(value)).toEqual(paths);
});

test('rules about several keys are checked even if other keys are wrong', () => {
  expect(
    issuesOf({
      hostname: '_',
      profile: 'bookworm',
      mirror: 'https://mirror.example/x',
      user: { name: 'root', password: 'disabled' },
      network: { kind: 'static', interface: '_', address: '192.0.2.0', prefix: 24 },
    }),
  ).toEqual([
    'hostname',
    'user.name',
    'user.password',
    'network.interface',
    'network.address',
    'mirror',
  ]);
});

test('without a password, a key is required', () => {
  const user = { password: 'disabled', sshKeys: [KEYS[0]] };
  expect(configSchema.parse({ user }).user.password).toEqual({ kind: 'disabled' });
});

test('accepts a disk exactly if its partitions fit', () => {
  const mebibytes = (min: number, max: number) =>
    fc.integer({ min, max }).map((size) => size * MIB);
  fc.assert(
    fc.property(
      mebibytes(64, 1024),
      mebibytes(1, 8192),
      fc.integer({ min: -3, max: 3 }),
      (esp, slot, extra) => {
        const size = neededDiskBytes({ espBytes: esp, slotBytes: slot }) + extra * MIB;
        expect(size - extra * MIB).toBe((3 + 1 + 256) * MIB + esp + 2 * slot);
        expect(issuesOf({ disk: { size, slot, esp } })).toEqual(extra < 0 ? ['disk.size'] : []);
      },
    ),
  );
});

test('any value gives a configuration or issues, never an exception', () => {
  const keys = Object.keys(configSchema.parse({}));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), (value) => {
      const result = configSchema.safeParse(value);
      expect(result.success || result.error.issues.length > 0).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each(['owner/name', 'ppa:owner/name'])('the PPA %s implies path, suite and name', (ppa) => {
  const { repositories } = configSchema.parse({
    profile: 'noble',
    repositories: [{ ...PPA, ppa }],
  });
  expect(repositories).toMatchObject([
    {
      ...{ name: 'ppa-owner-name', suites: ['noble'], components: ['main'], keep: false },
      uris: ['https://ppa.example/owner/name/ubuntu'],
      fingerprint: FINGERPRINT,
    },
  ]);
});
