import { loadYaml, plainValue, type TreeEntry } from '@micro-linux/provision';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { testConfig } from '../jobs/build/testing.ts';
import { PROFILE_NAMES, profileOf } from '../profiles/index.ts';
import { cloudInit } from './cloud-init.ts';

const ENABLED = 'user: {name: ops}\ncloudInit: {enabled: true}\n';

function textOf(files: readonly TreeEntry[], path: string): string {
  const found = files.find((entry) => entry.path === path);
  if (found?.kind !== 'file' || typeof found.content !== 'string') {
    throw new Error(`${path} is not there`);
  }
  return found.content;
}

describe.each(PROFILE_NAMES)('cloud-init in an image of %s', (name) => {
  const profile = profileOf(name);
  const files = async (text: string) => cloudInit(await testConfig(text), profile).entries ?? [];
  const settings = async (text = ENABLED) =>
    parse(textOf(await files(text), '/etc/cloud/cloud.cfg'));

  it('is included only if the config says so', async () => {
    expect(await files('')).toEqual([]);
    expect(cloudInit(await testConfig(''), profile)).toEqual({});
    expect(cloudInit(await testConfig(ENABLED), profile).packages).toEqual(['cloud-init']);
  });

  it('uses the configured datasources, on a line that a shell script can read', async () => {
    const line = async (text: string) =>
      textOf(await files(text), '/etc/cloud/cloud.cfg.d/99-micro-linux.cfg').split('\n')[1];
    expect(await line(ENABLED)).toBe('datasource_list: [ NoCloud, ConfigDrive ]');
    expect(await line('cloudInit: {enabled: true, datasources: [Ec2]}')).toBe(
      'datasource_list: [ Ec2 ]',
    );
  });

  it('does not change host keys, network or the user’s password', async () => {
    expect(await settings()).toMatchObject({
      users: ['default'],
      ssh_deletekeys: false,
      ssh_genkeytypes: ['ed25519', 'ecdsa'],
      network: { config: 'disabled' },
      system_info: {
        distro: profile.vendor,
        default_user: { name: 'ops', lock_passwd: false },
      },
    });
    expect(Object.keys((await settings()).system_info.default_user)).toEqual([
      'name',
      'lock_passwd',
    ]);
  });

  it.each(['no', 'y', 'on', 'null', 'e0', 'x1e3'])(
    'keeps the name of a user called %s',
    async (name) => {
      const text = textOf(
        await files(`user: {name: '${name}'}\ncloudInit: {enabled: true}\n`),
        '/etc/cloud/cloud.cfg',
      );
      expect(plainValue(loadYaml(text).value)).toMatchObject({
        system_info: { default_user: { name } },
      });
    },
  );

  it('runs nothing that needs a writable root', async () => {
    const { cloud_init_modules, cloud_config_modules, cloud_final_modules } = await settings();
    const modules = [cloud_init_modules, cloud_config_modules, cloud_final_modules].flat();
    expect(modules).toEqual(expect.arrayContaining(['users_groups', 'ssh', 'runcmd']));
    for (const module of ['growpart', 'resizefs', 'mounts', 'grub_dpkg', 'apt_configure']) {
      expect(modules).not.toContain(module);
    }
    expect(modules.join()).not.toMatch(/package|disk|locale|-/);
  });

  it('logs only to the journal', async () => {
    const text = textOf(await files(ENABLED), '/etc/cloud/cloud.cfg.d/05_logging.cfg');
    const [[logging]] = parse(text).log_cfgs;
    expect(logging).toContain('args=("/dev/log", ');
    expect(text).not.toContain('FileHandler');
    expect(text).not.toContain('output');
  });

  it('does not delay a boot without a network by two minutes', async () => {
    const path =
      '/usr/lib/systemd/system/systemd-networkd-wait-online.service.d/20-cloud-init.conf';
    expect(textOf(await files(ENABLED), path)).toMatch(/^ExecStart=\nExecStart=.* --timeout=30$/m);
  });
});
