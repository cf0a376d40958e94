import { expect, it } from 'vitest';
import type { Config } from '../../config/config.ts';
import type { Trust } from '../../keys/trust.ts';
import { agentFiles } from './agent-files.ts';

const config = { boot: { timeoutSeconds: 1, tries: 2, counter: 5 } } as Config;
const trust: Trust = {
  keys: [
    { keyId: 'aa', pem: 'PEM of aa\n' },
    { keyId: 'bb', pem: 'PEM of bb\n' },
  ],
  revoked: ['cc', 'dd'],
  threshold: 2,
  development: false,
};

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
