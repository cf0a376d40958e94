import { expect, test } from 'vitest';
import { findUefiFiles } from './firmware.ts';

const having =
  (...paths: string[]) =>
  async (path: string) =>
    paths.includes(path);

test('prefers the 4 MB build to the 2 MB one', async () => {
  const exists = having(
    '/usr/share/OVMF/OVMF_CODE.fd',
    '/usr/share/OVMF/OVMF_VARS.fd',
    '/usr/share/OVMF/OVMF_CODE_4M.fd',
    '/usr/share/OVMF/OVMF_VARS_4M.fd',
  );
  await expect(findUefiFiles('uefi', exists)).resolves.toEqual({
    code: '/usr/share/OVMF/OVMF_CODE_4M.fd',
    variables: '/usr/share/OVMF/OVMF_VARS_4M.fd',
  });
});

test('Secure Boot uses variables with enrolled keys, never empty ones', async () => {
  const exists = having(
    '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd',
    '/usr/share/OVMF/OVMF_VARS_4M.fd',
  );
  await expect(findUefiFiles('secure-boot', exists)).rejects.toMatchObject({
    code: 'firmware-missing',
    hint: expect.stringContaining('./micro-linux setup-host'),
    details: { package: 'ovmf' },
  });
});
