import { agentConfigSchema, defaultConfig } from '@micro-linux/provision';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { testConfig } from '../../jobs/build/testing.ts';
import type { Trust } from '../../keys/trust.ts';
import { agentFiles } from './agent-files.ts';

const config = await testConfig('boot: {tries: 2, counter: 5}\n');
const trust: Trust = {
  keys: [
    { keyId: 'aa', pem: 'PEM of aa\n' },
    { keyId: 'bb', pem: 'PEM of bb\n' },
  ],
  revoked: ['cc', 'dd'],
  threshold: 2,
  development: false,
};

/** The image's config of the agent, as the agent reads it. */
const settingsOf = async (text: string) => {
  const files = agentFiles(await testConfig(text), trust);
  const file = files.find(({ path }) => path === '/usr/lib/ota-agent/config.yaml');
  if (file?.kind !== 'file' || typeof file.content !== 'string') {
    throw new TypeError('the image has no config of the agent');
  }
  return agentConfigSchema.parse(parse(file.content));
};

it('gives the agent every key of the config, in the form that it accepts', async () => {
  const settings = `agent:
  trial: {deadlineSeconds: 900}
  health: {settleSeconds: 300, timeoutSeconds: 90, requiredUnits: [a.service], failedUnits: [b.timer],
    ignoreUnits: [c.service], defaultRoute: true, sshd: false, hosts: ['[2001:db8::1]:80'], scripts: [x/y.sh]}
  history: {maximumBytes: 8192}
`;
  const { agent } = parse(settings);
  const { scripts: _, ...health } = agent.health;
  expect(await settingsOf(settings)).toEqual({
    ...agent,
    health,
    boot: { tries: 1, counter: 3 },
    signatures: { threshold: 2 },
  });
});

it('requires the firewall, in addition to other units', async () => {
  const required = async (text: string) =>
    (await settingsOf(`firewall: a.nft\n${text}`)).health.requiredUnits;
  expect(await required('')).toEqual([...defaultConfig().health.requiredUnits, 'nftables.service']);
  expect(await required('agent: {health: {requiredUnits: [nftables.service]}}')).toEqual([
    'nftables.service',
  ]);
});

it('gives the agent its keys and defaults', () => {
  expect(agentFiles(config, trust)).toMatchInlineSnapshot(`
    [
      {
        "kind": "directory",
        "path": "/usr/lib/ota-agent/keys",
      },
      {
        "content": "PEM of aa
    ",
        "kind": "file",
        "path": "/usr/lib/ota-agent/keys/aa.pem",
      },
      {
        "content": "PEM of bb
    ",
        "kind": "file",
        "path": "/usr/lib/ota-agent/keys/bb.pem",
      },
      {
        "content": "# Ids of revoked keys, one per line.
    cc
    dd
    ",
        "kind": "file",
        "path": "/usr/lib/ota-agent/revoked-keys",
      },
      {
        "content": "# Defaults of this image. To change some, write them to a file in /etc/ota-agent/config.yaml.d;
    # /etc/ota-agent/config.yaml would replace all of them.
    boot:
      tries: 2
      counter: 5
    signatures:
      threshold: 2
    ",
        "kind": "file",
        "path": "/usr/lib/ota-agent/config.yaml",
      },
    ]
  `);
});
