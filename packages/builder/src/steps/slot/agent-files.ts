import type { TreeEntry } from '@micro-linux/provision';
import { stringify } from 'yaml';
import type { Config } from '../../config/config.ts';
import type { Trust } from '../../keys/trust.ts';
import { AGENT_DIRECTORY, agentSettings } from '../../product/agent.ts';

/** The agent's settings from the config: whose updates it accepts, and its defaults. */
export function agentFiles(config: Config, trust: Trust): TreeEntry[] {
  return [
    { kind: 'directory', path: `${AGENT_DIRECTORY}/keys` },
    ...trust.keys.map(
      ({ keyId, pem }) =>
        ({ kind: 'file', path: `${AGENT_DIRECTORY}/keys/${keyId}.pem`, content: pem }) as const,
    ),
    {
      kind: 'file',
      path: `${AGENT_DIRECTORY}/revoked-keys`,
      content: `# Ids of revoked keys, one per line.\n${trust.revoked.map((id) => `${id}\n`).join('')}`,
    },
    { kind: 'file', path: `${AGENT_DIRECTORY}/config.yaml`, content: agentConfig(config, trust) },
  ];
}

function agentConfig(config: Config, trust: Trust): string {
  const { tries, counter } = config.boot;
  const text = stringify({
    boot: { tries, counter },
    signatures: { threshold: trust.threshold },
    ...agentSettings(config),
  });
  return `# Defaults of this image. To change some, write them to a file in /etc/ota-agent/config.yaml.d;\n# /etc/ota-agent/config.yaml would replace all of them.\n${text}`;
}
