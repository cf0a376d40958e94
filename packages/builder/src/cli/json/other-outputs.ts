import * as z from 'zod';
import { PROFILE_NAMES } from '../../profiles/index.ts';
import { buildRecord, built } from './build-outputs.ts';
import { commands, configFile, count, field, flag, sha256, steps, text, texts } from './shared.ts';

export const doctor = z.strictObject({
  canBuild: flag('No finding is an error.'),
  profile: field(z.enum(PROFILE_NAMES), 'What would be built.'),
  config: configFile,
  findings: field(
    z.array(
      z.strictObject({
        id: text('Stable: see docs/guides/host.md.'),
        severity: field(
          z.enum(['ok', 'warn', 'error']),
          'Only `error` keeps a host from building.',
        ),
        what: text('What was found.'),
        why: text('Why it matters; empty when all is well.'),
        fix: text('What fixes it; empty when all is well.'),
      }),
    ),
    'Everything that was checked.',
  ),
});

export const setUp = z.strictObject({
  changed: flag('The host was changed.'),
  commands,
  log: text('What they printed; absent where nothing was run.').optional(),
});

/** `init`. */
export const projectMade = z.strictObject({
  directory: text('Folder of the project.'),
  name: text('Product id and host name.'),
  user: text('Who can log in; null: the user of the example.').nullable(),
  example: text('The example that was copied; null: none.').nullable(),
  files: texts('What was written, relative to the folder.'),
});

/** `completion`. */
export const completion = z.strictObject({
  shell: field(z.enum(['bash', 'zsh', 'fish']), 'Which shell reads it.'),
  script: text('The script.'),
});

/** `config`. */
export const configShown = z.strictObject({
  config: configFile,
  extends: texts('The files that it extends, in the order in which they count.'),
  variant: text('The variant of `--variant`; null: none.').nullable(),
  values: field(
    z.array(
      z.strictObject({
        key: text('Path of the key, such as `disk.size` or `packages.add[0]`.'),
        value: field(
          z.unknown(),
          'As one would write it into the file, with absolute paths; null if it is hidden.',
        ),
        hidden: flag('It is set, but secret; absent if it is not.').optional(),
        origin: field(
          z.strictObject({
            kind: field(z.enum(['file', 'variable', 'flag', 'default']), 'What set it.'),
            file: text('The file, as the command line or an `extends` names it.').optional(),
            line: count('In the file, from 1.').optional(),
            column: count('In the line, from 1.').optional(),
            variant: text('The variant of the file; absent if it is in none.').optional(),
            name: text('The variable or flag.').optional(),
          }),
          'Where it comes from.',
        ),
      }),
    ),
    'Every key that is set or has a default.',
  ),
});

const remoteFields = {
  exitCode: count('Status of the command in the machine.'),
  stdout: text('Its standard output.'),
  stderr: text('Its standard error.'),
};

export const quickstarted = built.extend({
  boot: field(
    z.strictObject(remoteFields),
    'What the booted machine printed; absent with --no-boot.',
  ).optional(),
});

export const remote = z.strictObject(remoteFields);

export const vmPlanned = z.strictObject({
  commands: field(z.array(z.array(z.string())), 'The commands, each a list of words.'),
});

export const tested = z.strictObject({
  image: text('The disk image.'),
  accelerator: text('`kvm` or `tcg`.'),
  runs: field(
    z.array(
      z.strictObject({
        firmware: text('`bios`, `uefi` or `secure-boot`.'),
        ok: flag('All checks passed.'),
        secondsToLogin: field(z.number(), 'To the login prompt of the first boot.').optional(),
        consoleLog: text('File with all output of the serial port.'),
        checks: field(
          z.array(
            z.strictObject({
              id: text('Stable: see docs/guides/vm.md.'),
              title: text('As people read it.'),
              status: field(z.enum(['pass', 'fail', 'skip']), '`skip`: it never got that far.'),
              note: text('A short note; for a failure, what is wrong.'),
            }),
          ),
          'Every check.',
        ),
      }),
    ),
    'One machine for each firmware.',
  ),
});

export const seedMade = z.strictObject({
  config: configFile,
  files: texts('The files of the seed.'),
  minimumDiskBytes: count('Size of the smallest disk it installs to.'),
  user: text('Who can log in.'),
  password: field(
    z.enum(['generated', 'kept', 'configured', 'disabled']),
    'Where the password comes from; a generated one is in credentials.txt.',
  ),
  network: text('`dhcp`, `static`, `interfaces` or `none`.'),
});

export const seedPlanned = z.strictObject({
  config: configFile,
  files: field(
    z.array(z.strictObject({ path: text('Where it goes.'), text: text('Without the hash.') })),
    'What would be written.',
  ),
});

const seedFinding = z.looseObject({
  rule: text('Stable: see docs/guides/seed.md.'),
  severity: field(z.enum(['error', 'warning']), 'Its severity.'),
});

/** `seed --check`. */
export const seedChecked = z.strictObject({
  file: text('The file that was checked.'),
  form: text('`user-data`, `autoinstall`, `boot-config` or `unreadable`.'),
  installer: text('Who will read it.'),
  errors: field(z.array(seedFinding), 'With path, line, column, problem and fix.'),
  warnings: field(z.array(seedFinding), 'The same.'),
  minimumDiskBytes: count('That its partitions need; absent where that is not known.').optional(),
  cloudInit: text('`checked`, `absent`, `broken` or `not-for-this`.'),
});

/** `update --slot-image`. */
export const updateMade = z.strictObject({
  config: configFile,
  update: text('The update.'),
  signedBy: texts('Ids of the keys that signed it; empty: nobody did.'),
  image: field(
    z.strictObject({ bytes: count('Its length.'), sha256: sha256('the image') }),
    'The slot image.',
  ),
  steps,
});

export const updatePlanned = z.strictObject({ config: configFile, commands });

export const keyMade = z.strictObject({
  keyId: text('Id of the key.'),
  privateKey: text('File of the private key.'),
  publicKey: text('File of the public key.'),
  gitignore: text('The .gitignore that got a line for the private key.').optional(),
});

export const attached = z.strictObject({
  update: text('The update or ISO.'),
  attached: texts('Ids of the keys whose signatures were attached.'),
  signedBy: texts('Ids of all keys that signed it now.'),
});

const unchanged = flag(
  'It is as build.json lists it; absent where that does not list it.',
).optional();

/** `inspect` of a disk image. */
export const diskInspected = z.strictObject({
  image: text('The disk image.'),
  disk: field(
    z.strictObject({
      format: text('`qcow2`, `raw`, `vhdx` or `vmdk`.'),
      virtualBytes: count('Size that the guest sees.'),
      actualBytes: count('Space it uses on this host.'),
      sectorBytes: count('Sectors that its partition table was made for: 512 or 4096.'),
      partitions: field(
        z.array(
          z.strictObject({
            number: count('In the partition table.'),
            name: text('Its name there.'),
            type: text('GUID of its type.'),
            uuid: text('Its own GUID.'),
            startSector: count('Of 512 bytes.'),
            sectors: count('Of 512 bytes.'),
          }),
        ),
        'Of the partition table.',
      ),
    }),
    'What the file itself says.',
  ),
  record: field(buildRecord, 'build.json, if that lists the image.').optional(),
  unchanged,
});

/** The state of a file's signatures. */
const judged = {
  signatures: field(
    z.array(
      z.strictObject({
        keyId: text('Id of the key.'),
        status: field(
          z.enum(['good', 'bad', 'unknown', 'revoked']),
          'What the given keys say about it.',
        ),
      }),
    ),
    'Every signature.',
  ),
  trusted: flag('A device with these keys would accept it.'),
  untrustedBecause: text('Why not; absent if it is trusted.').optional(),
  threshold: count('Number of signatures that are required.'),
};

/** `inspect` of an ISO. The contents of an untrusted one are not read. */
export const mediumInspected = z.strictObject({
  kind: field(z.literal('medium'), 'Distinguishes it from an update.'),
  iso: text('The file or device.'),
  ...judged,
  manifest: field(
    z.strictObject({
      compatible: text('Product id.'),
      version: text('Of the image.'),
      profile: text('Of the image.'),
      buildId: text('Of the image.'),
    }),
    'What it installs; absent if it is not trusted.',
  ).optional(),
  files: count('Signed files that were checked; absent if it is not trusted.').optional(),
  changed: texts('Signed files that are not what was signed.').optional(),
  unsigned: texts('Files that the signature does not cover.').optional(),
});

/** `inspect` of an update. */
export const updateInspected = z.strictObject({
  kind: field(z.literal('update'), 'Distinguishes it from a disk image.'),
  update: text('The file.'),
  bytes: count('Its length.'),
  sha256: sha256('the file'),
  manifest: field(
    z.looseObject({}),
    'The manifest (docs/reference/update-format.md), its chunks counted.',
  ),
  manifestSha256: sha256('the manifest'),
  payloadBytes: count('Length of all chunks, compressed.'),
  ratio: field(z.number(), 'Image bytes for each payload byte.'),
  product: field(
    z.looseObject({}).optional(),
    'What its config adds to the profile, if build.json lists the file.',
  ),
  ...judged,
  unchanged,
});
