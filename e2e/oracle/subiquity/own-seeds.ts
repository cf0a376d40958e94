import { makeAutoinstall } from 'micro-linux/autoinstall/make/autoinstall';
import { seedTexts } from 'micro-linux/autoinstall/make/seed-files';
import { loadConfig } from 'micro-linux/config/load';

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFE2pdgXi1lB9pR2kTuzFY5O8dRCGLrrsNE4Y0fQrx3t a@example';
const HASH = `$6$saltsalt$${'a'.repeat(86)}`;

/** Configs whose seeds differ in form. */
const CONFIGS: Readonly<Record<string, object>> = {
  default: {},
  static: {
    network: {
      kind: 'static',
      interface: 'eth0',
      address: '192.0.2.10',
      prefix: 24,
      gateway: '192.0.2.1',
      dns: ['192.0.2.53'],
    },
  },
  'no-password': { user: { password: 'disabled', sshKeys: [KEY] } },
  commands: {
    install: { earlyCommands: ['true'], lateCommands: [['true']], errorCommands: ['true'] },
  },
  'large-slots': { disk: { slot: '8G', size: '24G' } },
  smallest: { install: { disk: { size: 'smallest' }, shutdown: 'poweroff' } },
};

/** The seeds that micro-linux makes, in both forms. */
export async function ownSeeds(): Promise<readonly { id: string; file: string; text: string }[]> {
  const seeds = [];
  for (const [name, value] of Object.entries(CONFIGS)) {
    const config = await loadConfig({ text: JSON.stringify(value), env: {}, flags: [] });
    const hash = config.user.password.kind === 'disabled' ? undefined : HASH;
    const texts = seedTexts(makeAutoinstall(config, hash), name);
    for (const file of ['user-data', 'autoinstall.yaml'] as const) {
      seeds.push({ id: `own-${name}/${file}`, file, text: texts[file] });
    }
  }
  return seeds;
}
