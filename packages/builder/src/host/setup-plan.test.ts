import { describe, expect, it } from 'vitest';
import { HOST_PACKAGES } from './packages.ts';
import { renderCommand, runCommand } from './setup-command.ts';
import { debianMirror, parseAptTargets } from './setup-facts.ts';
import { planSetup, type SetupFacts } from './setup-plan.ts';

const BOOKWORM = {
  id: 'debian',
  like: [],
  version: '12',
  codename: 'bookworm',
  title: 'Debian 12',
};
const NOBLE = { id: 'ubuntu', like: ['debian'], version: '24.04', codename: 'noble', title: 'U' };
const RANGES = [{ owner: 'ann', start: 100_000, count: 65_536 }];

/** A ready host; each test breaks one thing. */
const READY: SetupFacts = {
  os: BOOKWORM,
  hasApt: true,
  missing: [],
  user: { name: 'ann', uid: 1000 },
  subUids: RANGES,
  subGids: RANGES,
  aptKnowsUbuntuKeyring: false,
  debianMirror: 'http://mirror.example/debian/',
  components: ['main'],
  workDirectory: '/cache/ubuntu-keyring',
};

describe('planSetup', () => {
  it('has nothing to do on a ready host', () => {
    expect(planSetup(READY)).toEqual({ steps: [], notes: [] });
  });

  it('installs everything missing at once, through sudo', () => {
    expect(lines({ ...READY, missing: missing('mmdebstrap', 'ovmf') })).toEqual([
      'sudo apt-get -o DPkg::Lock::Timeout=300 update',
      'sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends mmdebstrap ovmf',
    ]);
  });

  it('needs no sudo as root', () => {
    expect(lines({ ...READY, missing: missing('ovmf') }, 0)[0]).toMatch(/^apt-get /);
  });

  it('takes the Ubuntu keys from apt if it has them, and still checks the fingerprint', () => {
    for (const os of [NOBLE, { ...BOOKWORM, version: '13' }, { ...BOOKWORM, version: '' }]) {
      const all = lines({ ...READY, os, missing: missing('ubuntu-keyring') });
      expect(all[1]).toMatch(/ install .* ubuntu-keyring$/);
      expect(all).toContainEqual(
        expect.stringMatching(
          /--show-keys .*ubuntu-archive-keyring\.gpg \| grep -F fpr:::::::::F6ECB3762474EDA9D21B7022871920D1991BC93C:$/,
        ),
      );
    }
  });

  it("fetches the Ubuntu keys from the host's own mirror if apt has none", () => {
    expect(lines({ ...READY, missing: missing('ubuntu-keyring') })).toMatchInlineSnapshot(`
      [
        "rm -rf /cache/ubuntu-keyring",
        "install -d -m 700 /cache/ubuntu-keyring",
        "mkdir -p /cache/ubuntu-keyring/lists/partial /cache/ubuntu-keyring/cache/archives/partial",
        "printf %s 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian/ trixie main
      ' | tee /cache/ubuntu-keyring/sources.list",
        "printf %s 'Dir::Etc::SourceList "/cache/ubuntu-keyring/sources.list";
      Dir::Etc::SourceParts "/dev/null";
      Dir::Etc::Preferences "/dev/null";
      Dir::Etc::PreferencesParts "/dev/null";
      Dir::State::Lists "/cache/ubuntu-keyring/lists";
      Dir::Cache "/cache/ubuntu-keyring/cache";
      Acquire::Languages "none";
      APT::Default-Release "";
      APT::Sandbox::User "root";
      ' | tee /cache/ubuntu-keyring/apt.conf",
        "apt-get -c /cache/ubuntu-keyring/apt.conf update",
        "(cd /cache/ubuntu-keyring && apt-get -c /cache/ubuntu-keyring/apt.conf download ubuntu-keyring)",
        "(cd /cache/ubuntu-keyring && sh -c 'mv "$0"_*.deb "$0.deb"' ubuntu-keyring)",
        "dpkg-deb --extract /cache/ubuntu-keyring/ubuntu-keyring.deb /cache/ubuntu-keyring/unpacked",
        "gpg --homedir /cache/ubuntu-keyring --batch --show-keys --with-colons /cache/ubuntu-keyring/unpacked/usr/share/keyrings/ubuntu-archive-keyring.gpg | grep -F fpr:::::::::F6ECB3762474EDA9D21B7022871920D1991BC93C:",
        "sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends /cache/ubuntu-keyring/ubuntu-keyring.deb || sudo install -D -m 644 /cache/ubuntu-keyring/unpacked/usr/share/keyrings/ubuntu-archive-keyring.gpg /usr/share/keyrings/ubuntu-archive-keyring.gpg",
        "install -d -m 700 /cache/ubuntu-keyring",
        "gpg --homedir /cache/ubuntu-keyring --batch --show-keys --with-colons /usr/share/keyrings/ubuntu-archive-keyring.gpg | grep -F fpr:::::::::F6ECB3762474EDA9D21B7022871920D1991BC93C:",
        "rm -rf /cache/ubuntu-keyring",
      ]
    `);
  });

  it('says that the Ubuntu keys need a Debian mirror', () => {
    expect(() =>
      planSetup({ ...READY, debianMirror: undefined, missing: missing('ubuntu-keyring') }),
    ).toThrow(expect.objectContaining({ code: 'debian-mirror-unknown' }));
  });

  it('adds only missing ranges, which no other user has', () => {
    expect(lines({ ...READY, user: { name: 'bob', uid: 1001 } })).toEqual([
      'sudo usermod --add-subuids 165536-231071 --add-subgids 165536-231071 bob',
    ]);
    expect(lines({ ...READY, subGids: [] })).toEqual([
      'sudo usermod --add-subgids 100000-165535 ann',
    ]);
  });

  it('gives root no ranges, because root needs none', () => {
    expect(planSetup({ ...READY, user: { name: 'root', uid: 0 } }).steps).toEqual([]);
  });

  it('reports that universe is not enabled', () => {
    const facts = { ...READY, os: NOBLE, missing: missing('mmdebstrap') };

    expect(planSetup(facts).notes).toHaveLength(1);
    expect(planSetup({ ...facts, components: ['main', 'universe'] }).notes).toEqual([]);
  });

  it('lists the programs on a host without apt', () => {
    expect(() => planSetup({ ...READY, hasApt: false, missing: missing('e2fsprogs') })).toThrow(
      expect.objectContaining({
        code: 'host-unsupported',
        why: 'mke2fs, e2fsck, debugfs (in Debian: e2fsprogs)',
      }),
    );
  });
});

describe('the Debian mirror', () => {
  // Output of `apt-get indextargets` on Debian 12, with placeholder host names.
  const OUTPUT =
    'https://apt.example/tools/\tbookworm\tmain\tTools Inc\n' +
    'http://mirror.example/debian/\tbookworm\tmain\tDebian\n' +
    'http://mirror.example/debian/\tbookworm-updates\tmain\tDebian\n';

  it("is the host's own, not another archive with a suite of the same name", () => {
    expect(debianMirror(parseAptTargets(OUTPUT), 'bookworm')).toBe('http://mirror.example/debian/');
  });

  it('is found before the first apt-get update, when the origins of archives are unknown', () => {
    const unfetched = OUTPUT.split('\n').slice(1).join('\n').replaceAll('\tDebian', '\t$(ORIGIN)');

    expect(debianMirror(parseAptTargets(unfetched), 'bookworm')).toBe(
      'http://mirror.example/debian/',
    );
  });

  it('is undefined on a host without Debian sources', () => {
    expect(debianMirror(parseAptTargets(OUTPUT), 'noble')).toBeUndefined();
  });
});

describe('a command that must print output', () => {
  const command = { argv: ['gpg'], mustPrint: { text: 'KEY', otherwise: 'not the key' } } as const;
  const printing = (stdout: string) => async () => ({ stdout, stderr: '', exitCode: 0 });

  it('fails if it prints nothing', async () => {
    await expect(runCommand(command, 0, printing('other'), {})).rejects.toMatchObject({
      code: 'setup-check-failed',
      message: 'not the key',
    });
    await expect(runCommand(command, 0, printing('a KEY'), {})).resolves.toBeUndefined();
  });
});

it('runs the fallback of a command that fails', async () => {
  const ran: string[] = [];
  const run = async (file: string) => {
    ran.push(file);
    if (file === 'first') {
      throw new Error('no');
    }
    return { stdout: '', stderr: '', exitCode: 0 };
  };

  await runCommand({ argv: ['first'], fallback: { argv: ['second'] } }, 0, run, {});

  expect(ran).toEqual(['first', 'second']);
});

function missing(...names: string[]) {
  return HOST_PACKAGES.filter(({ name }) => names.includes(name)).map((entry) => ({
    package: entry,
    absent: entry.provides,
  }));
}

function lines(facts: SetupFacts, uid = 1000): string[] {
  return planSetup(facts).steps.flatMap(({ commands }) =>
    commands.map((command) => renderCommand(command, uid)),
  );
}
