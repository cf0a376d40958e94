import { describe, expect, test } from 'vitest';
import { testConfig } from '../jobs/build/testing.ts';
import { COMMON_PACKAGES } from './common-packages.ts';
import { PROFILES } from './index.ts';
import { REQUIRED_PACKAGES } from './required-packages.ts';

const remove = (names: string, more = '') => testConfig(`packages: {remove: [${names}]}\n${more}`);

test('required packages are installed by default', () => {
  const installed = PROFILES.flatMap(({ packages }) => packages);
  expect([...COMMON_PACKAGES, ...installed]).toEqual(
    expect.arrayContaining([...REQUIRED_PACKAGES]),
  );
});

describe('packages.remove', () => {
  test.each([...REQUIRED_PACKAGES, 'linux-image-cloud-amd64'])('refuses %s', async (name) => {
    await expect(remove(`procps, ${name}`)).rejects.toMatchObject({
      code: 'config-invalid',
      exitCode: 2,
      details: { findings: [{ key: 'packages.remove[1]', where: 'micro-linux.yaml:2:29' }] },
    });
  });

  test('names each of them, with what needs it', async () => {
    await expect(remove('udev, openssh-server')).rejects.toMatchObject({
      why: expect.stringMatching(/"udev".*it finds the disks.*"openssh-server".*sshd/s),
    });
  });

  test('refuses the chosen kernel, not the one it replaces', async () => {
    const chosen = 'kernel: {package: linux-image-amd64}';
    await expect(remove('linux-image-amd64', chosen)).rejects.toMatchObject({
      message: expect.stringContaining('it is the kernel'),
    });
    await expect(remove('linux-image-cloud-amd64', chosen)).resolves.toBeDefined();
  });

  test('leaves out what an image does not need', async () => {
    const names = ['libpam-systemd', 'systemd-resolved', 'systemd-timesyncd', 'procps', 'sudo'];
    expect((await remove(names.join(', '))).packages.remove).toEqual(names);
  });
});
