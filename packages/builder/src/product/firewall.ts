import { Problem } from '@micro-linux/provision';
import type { Config } from '../config/config.ts';
import type { Contribution } from './contribution.ts';

/** Where nftables.service reads its ruleset. */
export const FIREWALL_FILE = '/etc/nftables.conf';

/** Its unit is ordered before network-pre.target, and before the first interface is configured. */
export const FIREWALL_UNIT = 'nftables.service';

/** The product's own ruleset, loaded by the service of the package nftables. */
export function firewall({ firewall: file }: Pick<Config, 'firewall'>): Contribution {
  return file === undefined
    ? {}
    : {
        // Rules may name protocols and services: netbase has the lists of both.
        packages: ['nftables', 'netbase'],
        entries: [{ kind: 'file', path: FIREWALL_FILE, content: { from: file } }],
        files: [{ path: file, key: ['firewall'], check: checkRuleset }],
        units: [{ action: 'enable', unit: FIREWALL_UNIT, key: ['firewall'] }],
        modules: [{ module: 'nf_tables', key: ['firewall'] }],
        summary: { firewall: true },
      };
}

/** The rest is checked by the image's own nft. */
function checkRuleset(content: Buffer): Problem | undefined {
  const isText = !content.includes(0);
  const hasRules = content.toString('latin1').replaceAll(/#.*/g, '').trim() !== '';
  return isText && hasRules
    ? undefined
    : new Problem(
        isText ? 'has no rules' : 'is not a text file',
        'write a ruleset of nft(8), or remove the key',
      );
}
