import { expect, it } from 'vitest';
import { testConfig } from '../jobs/build/testing.ts';
import { profileOf } from '../profiles/index.ts';
import { productOf } from './index.ts';

const WIFI = `
kernel: {package: linux-image-amd64}
prune: {firmware: false}
network:
  interfaces:
    eth0: {dhcp4: true}
    wlan0: {dhcp4: true, wifi: {ssid: workshop, password: a very long secret}}
`;

it('adds wpa_supplicant only for a radio', async () => {
  const profile = profileOf('bookworm');
  const packages = async (text: string) => productOf(await testConfig(text), profile).packages;
  expect(await packages(WIFI)).toEqual(['wpasupplicant', 'wireless-regdb']);
  expect(await packages('network: {interfaces: {eth0: {dhcp4: true}}}')).toEqual([]);
});

it('says what the interfaces are, and no secret: the slot and its key have none either', async () => {
  const product = productOf(await testConfig(WIFI), profileOf('bookworm'));
  expect(product.summary).toEqual({ network: { eth0: 'ethernet', wlan0: 'wifi' } });
  expect(JSON.stringify(product)).not.toMatch(/secret|workshop/);
  const simple = productOf(await testConfig(''), profileOf('bookworm'));
  expect(simple.summary).toEqual({});
});
