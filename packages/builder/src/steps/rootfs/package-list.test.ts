import { describe, expect, it } from 'vitest';
import { profileOf } from '../../profiles/index.ts';
import { packageList } from './package-list.ts';

const CHOICE = {
  add: [],
  remove: [],
  kernelPackage: undefined,
  timezone: 'Etc/UTC',
  locale: 'C.UTF-8',
};

describe('packageList', () => {
  it('uses the kernel of the profile, or the configured one', () => {
    expect(packageList(profileOf('noble'), CHOICE).include).toContain('linux-image-virtual');
    const own = packageList(profileOf('bookworm'), {
      ...CHOICE,
      kernelPackage: 'linux-image-amd64',
    });
    expect(own.include).toContain('linux-image-amd64');
    expect(own.include).not.toContain('linux-image-cloud-amd64');
  });

  it('adds what the user adds, once and sorted', () => {
    const { include } = packageList(profileOf('bookworm'), {
      ...CHOICE,
      add: ['vim-tiny', 'sudo'],
    });
    expect(include.filter((name) => name === 'sudo')).toHaveLength(1);
    expect(include).toEqual([...include].sort());
    expect(include).toContain('vim-tiny');
  });

  it('leaves out removed packages, and purges those that a dependency installs', () => {
    const list = packageList(profileOf('bookworm'), { ...CHOICE, remove: ['sudo', 'perl'] });
    expect(list.include).not.toContain('sudo');
    expect(list.purge).toEqual(['perl']);
  });

  it('adds zone and locale data only if needed', () => {
    expect(packageList(profileOf('noble'), CHOICE).include).not.toContain('tzdata');
    const { include } = packageList(profileOf('noble'), {
      ...CHOICE,
      timezone: 'Europe/Berlin',
      locale: 'de_DE.UTF-8',
    });
    expect(include).toEqual(expect.arrayContaining(['tzdata', 'locales']));
  });
});
