import { describe, expect, it } from 'vitest';
import { ARTIFACTS } from '../artifacts/index.ts';
import type { Config } from '../config/config.ts';
import { inputsDigest } from '../jobs/build/inputs-digest.ts';
import { TEST_TRUST, testConfig, testFacts } from '../jobs/build/testing.ts';
import type { Signer } from '../keys/signer.ts';
import type { Step } from '../plan/step.ts';
import { PROFILE_NAMES, profileOf } from '../profiles/index.ts';
import type { BuildFacts } from './build-facts.ts';
import { type BuildPlan, planBuild } from './plan-build.ts';

const SIGNER: Signer = {
  keyId: '0123456789abcdef0123456789abcdef',
  title: 'the development key',
  sign: () => Promise.reject(new Error('a plan signs nothing')),
};

function plan(config: Config, facts: BuildFacts = testFacts(), signer: Signer | 'nobody' = SIGNER) {
  return planBuild({
    config,
    profile: profileOf(config.profile),
    facts,
    cacheDirectory: '/cache',
    name: 'product_1.0.0_bookworm',
    workDirectory: '/work-directory',
    temporaryDirectory: '/temporary',
    identity: () => Promise.reject(new Error('a plan asks for no identity')),
    instanceId: 'micro-linux',
    signer: signer === 'nobody' ? undefined : signer,
  });
}

const inputs = (
  config: Config,
  facts: BuildFacts = testFacts(),
  signer: Signer | 'nobody' = SIGNER,
) => inputsDigest(plan(config, facts, signer), ARTIFACTS);

const buildIdOf = async (text: string) => plan(await testConfig(text)).buildId;

describe('the plan of a build', () => {
  it('makes disk and update from the same slot image', async () => {
    const { steps } = plan(await testConfig());
    const [slotImage = ''] = /\/cache\/slot\/\S+/.exec(steps.disk.describe('').join('\n')) ?? [];
    const lines = [steps.payload, steps.update].flatMap((step) => step.describe('/OUT'));
    expect(lines.map((line) => line.replace(slotImage, 'SLOT'))).toEqual([
      expect.stringMatching(
        /\/write-payload\.ts SLOT 9 1048576 \/OUT\/frames\.zst \/OUT\/payload\.json$/,
      ),
      '# sign the manifest by the development key, 0123456789abcdef0123456789abcdef',
      '# write /OUT/product_1.0.0_bookworm.update.img',
    ]);
    expect(Object.keys(steps)).toEqual([
      'agent',
      'node',
      'rootfs',
      'root',
      'slot',
      'payload',
      'update',
      'esp',
      'esp4k',
      'biosGrub',
      'data',
      'disk',
      'seed',
      'liveRoot',
      'isoMenu',
      'isoBios',
      'isoUefi',
      'medium',
      'iso',
    ]);
  });

  it.each(PROFILE_NAMES)('installs cloud-init into %s if the config says so', async (name) => {
    const rootfs = async (text: string) => {
      const config = await testConfig(text);
      return plan({ ...config, profile: name })
        .steps.rootfs.describe('/OUT')
        .join('\n');
    };
    expect(await rootfs('')).not.toContain('cloud-init');
    expect(await rootfs('cloudInit: {enabled: true}')).toMatch(/--include=\S*\bcloud-init,/);
  });

  it('says so if nobody signs', async () => {
    const { steps } = plan(await testConfig(), testFacts(), 'nobody');
    expect(steps.update.describe('')[0]).toBe('# leave the manifest unsigned');
  });

  it('caches nothing that contains a secret or a signature', async () => {
    const { steps } = plan(await testConfig());
    const cached = Object.values<Step<unknown>>(steps).filter((step) => step.cached);
    expect([...new Set(cached.map(({ id }) => id))]).toEqual([
      'ota-agent',
      'node',
      'rootfs',
      'slot',
      'update-payload',
      'live-root',
    ]);
  });
});

describe('the build id', () => {
  it.each([
    'boot: {tries: 2}',
    'boot: {counter: 4}',
    'cloudInit: {enabled: true}',
    'update: {rollbackIndex: 1}',
    "update: {minimumAgent: '1.0.0'}",
    'update: {compressionLevel: 1}',
  ])('with %s: another slot only if the slot contains it', async (text) => {
    const same = /minimumAgent|compressionLevel/.test(text);
    expect((await buildIdOf(text)) === (await buildIdOf(''))).toBe(same);
  });

  it.each([{ keys: [{ keyId: 'ff', pem: 'PEM\n' }] }, { revoked: ['ff'] }, { threshold: 2 }])(
    'differs for other trusted keys: %j',
    async (given) => {
      const config = await testConfig();
      const other = testFacts({ trust: { ...TEST_TRUST, ...given } });
      expect(plan(config, other).buildId).not.toBe(plan(config).buildId);
    },
  );

  it('does not depend on who signs', async () => {
    const config = await testConfig();
    expect(plan(config, testFacts(), 'nobody').buildId).toBe(plan(config).buildId);
  });
});

describe('the inputs of a build', () => {
  it('include the contents of update.img, and who signs it', async () => {
    const base = inputs(await testConfig());
    expect(inputs(await testConfig("update: {minimumAgent: '1.0.0'}"))).not.toBe(base);
    expect(inputs(await testConfig('update: {compressionLevel: 1}'))).not.toBe(base);
    expect(inputs(await testConfig(), testFacts(), { ...SIGNER, keyId: 'ff' })).not.toBe(base);
    expect(inputs(await testConfig(), testFacts(), 'nobody')).not.toBe(base);
  });

  it('do not depend on where keys are, or how a command signs', async () => {
    const byKey = await testConfig('update: {trustedKeys: [a.pem], signingKey: b.pem}');
    const byCommand = await testConfig(
      'update: {trustedKeys: [c.pem], signCommand: sign --pin 4711, signingPublicKey: d.pem}',
    );
    expect(inputs(byKey)).toBe(inputs(byCommand));
  });
});

const keyOf = ({ placement, steps }: BuildPlan, name: keyof BuildPlan['steps']) =>
  placement.keyOf(steps[name]);

it('other files of one’s own change the slot and what follows, but not the packages', async () => {
  const config = await testConfig();
  const withFiles = (digest: string, user = 'micro') =>
    plan(
      { ...config, user: { ...config.user, name: user } },
      testFacts({
        files: { slot: [{ kind: 'file', path: '/x', content: '', from: '' }], initial: [], digest },
      }),
    );
  const [none, one, two] = [plan(config), withFiles('one'), withFiles('two')];
  for (const name of ['rootfs', 'agent', 'node'] as const) {
    expect(new Set([none, one, two].map((made) => keyOf(made, name))).size).toBe(1);
  }
  expect(new Set([none, one, two].map(({ buildId }) => buildId)).size).toBe(3);
  // A name of the config may be that of an owner.
  expect(withFiles('one', 'ops').buildId).not.toBe(one.buildId);
  expect(one.summary).toEqual({ files: ['/x'] });
});

it('the payload is rebuilt only for another level or slot', async () => {
  const payloadOf = async (text: string) => keyOf(plan(await testConfig(text)), 'payload');
  const base = await payloadOf('');
  expect(await payloadOf("update: {minimumAgent: '1.0.0'}")).toBe(base);
  expect(await payloadOf('update: {compressionLevel: 1}')).not.toBe(base);
  expect(await payloadOf('update: {rollbackIndex: 1}')).not.toBe(base);
});
