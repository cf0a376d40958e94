import { MicroLinuxError } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { explainNft } from './firewall-action.ts';

const failure = (why: string) =>
  new MicroLinuxError({ code: 'tool-failed', message: 'nft failed', why, hint: 'see the log' });

test('shows the lines of the ruleset that nft refuses', () => {
  const why = '/etc/nftables.conf:8:24-32: Error: Could not resolve protocol name';
  expect(explainNft(failure(why), 'product.yaml:3:11')).toMatchObject({
    code: 'firewall-invalid',
    message: 'product.yaml:3:11: firewall: the image’s nft refuses the ruleset',
    why: expect.stringContaining('8:24-32'),
  });
});

test('fails too if nft cannot check anything on this host', () => {
  const why = 'netlink: Error: cache initialization failed: Protocol not supported';
  expect(explainNft(failure(why), undefined)).toMatchObject({
    code: 'firewall-unchecked',
    hint: 'sudo modprobe nf_tables',
  });
});
