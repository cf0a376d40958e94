import { Problem } from '../values/problem.ts';
import type { WifiSettings } from './interface-settings.ts';

/** An SSID has up to 32 bytes (IEEE 802.11). */
const SSID_BYTES = 32;

/** What is wrong with the access to a wireless network. Never quotes the password. */
export function checkWifi(wifi: WifiSettings, at: readonly (string | number)[]): Problem[] {
  const bytes = Buffer.byteLength(wifi.ssid);
  const { password, regulatoryDomain } = wifi;
  return [
    ...(bytes === 0 || bytes > SSID_BYTES
      ? [
          new Problem(`has ${bytes} bytes`, `write a name of 1 to ${SSID_BYTES} bytes`, {
            at: [...at, 'ssid'],
          }),
        ]
      : []),
    ...(password === undefined || isPassword(password)
      ? []
      : [
          new Problem(
            'is not a passphrase of 8 to 63 ASCII characters (value not shown)',
            'write the passphrase, or the 64 hexadecimal digits of `wpa_passphrase`',
            { at: [...at, 'password'] },
          ),
        ]),
    ...(regulatoryDomain === undefined || /^[A-Z]{2}$/.test(regulatoryDomain)
      ? []
      : [
          new Problem('is not the code of a country', 'write two capital letters, such as DE', {
            at: [...at, 'regulatoryDomain'],
          }),
        ]),
  ];
}

function isPassword(password: string): boolean {
  return isRawKey(password) || /^[\x20-\x7e]{8,63}$/.test(password);
}

/** Whether a password is the key itself, not the passphrase that it is computed from. */
export function isRawKey(password: string): boolean {
  return /^[0-9a-f]{64}$/i.test(password);
}
