import { isRawKey } from './check-wifi.ts';
import type { WifiSettings } from './interface-settings.ts';

/**
 * The wpa_supplicant.conf(5) of a wireless network. Secret: it contains the password.
 *
 * The name is written in hexadecimal, because it may be any bytes. A passphrase between double
 * quotes may contain double quotes: wpa_supplicant takes the last one of the line as the end.
 */
export function wpaSupplicantFile(wifi: WifiSettings): string {
  const { ssid, password, hidden, regulatoryDomain } = wifi;
  const access =
    password === undefined
      ? ['key_mgmt=NONE']
      : isRawKey(password)
        ? ['key_mgmt=WPA-PSK WPA-PSK-SHA256', 'ieee80211w=1', `psk=${password}`]
        : // WPA3 needs the passphrase itself.
          ['key_mgmt=WPA-PSK WPA-PSK-SHA256 SAE', 'ieee80211w=1', `psk="${password}"`];
  return [
    'ctrl_interface=/run/wpa_supplicant',
    ...(regulatoryDomain === undefined ? [] : [`country=${regulatoryDomain}`]),
    'network={',
    `\tssid=${Buffer.from(ssid).toString('hex')}`,
    ...(hidden ? ['\tscan_ssid=1'] : []),
    ...access.map((line) => `\t${line}`),
    '}',
    '',
  ].join('\n');
}
