import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GIB, MIB, SECTOR_BYTES } from '@micro-linux/core';
import {
  diskLayout,
  MINIMUM_ESP_BYTES,
  networkSection,
  STATE_DIRECTORY,
  storageSection,
} from '@micro-linux/provision';
import { HASHES } from '@micro-linux/provision/testing';
import { parsePublicKey } from '@micro-linux/update-image';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { NO_PROGRESS } from '../progress/progress.ts';
import { type SampleUpdate, sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { raiseRollbackIndex } from '../state/rollback-index.ts';
import { testDevice } from '../testing.ts';
import { type InstallPlan, type InstallWorld, prepareInstall, prepareRescue } from './install.ts';
import { makeMedium } from './medium.testdata.ts';

const SIZES = { espBytes: MINIMUM_ESP_BYTES, slotBytes: MIB };
const DISK = '/dev/vda';
const KEPT_INDEX = 5;

let update: SampleUpdate;
beforeAll(async () => {
  update = await sampleUpdate({ manifest: { rollbackIndex: KEPT_INDEX - 1 } });
});
afterAll(() => update.remove());

/** A medium, and a disk of an earlier installation whose data partition has this rollback index. */
function setting(index: number, preserveData: boolean) {
  const { system, answer } = testDevice();
  const answered = (stdout: string) => async () => ({ stdout, stderr: '', exitCode: 0 });
  const layout = diskLayout({ ...SIZES, sizeBytes: 4 * GIB });
  const node = {
    ...{ ro: false, rm: false, rota: false, tran: null, 'log-sec': 512, model: null },
    mountpoints: [null],
  };
  const children = layout.map(({ number, name, type, start, sectors }) => {
    const directory = join(system.paths.sysBlock, `vda${number}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'partition'), `${number}\n`);
    writeFileSync(join(directory, 'start'), `${start}\n`);
    return {
      ...{ ...node, path: `${DISK}${number}`, type: 'part', size: sectors * SECTOR_BYTES },
      ...{ parttype: type, partuuid: null, partlabel: name },
    };
  });
  const none = { parttype: null, partuuid: null, partlabel: null };
  const disk = { ...node, ...none, path: DISK, type: 'disk', size: 4 * GIB, children };
  answer('/usr/bin/lsblk', answered(JSON.stringify({ blockdevices: [disk] })));
  answer('/usr/bin/udevadm', answered(''));
  answer('/usr/bin/findmnt', answered('tmpfs'));
  // A mount needs root and a disk: the test puts the agent's state where it would be mounted.
  answer('/usr/bin/mount', async (_file, args) => {
    const state = join(args.at(-1) ?? '', STATE_DIRECTORY);
    mkdirSync(state, { recursive: true });
    raiseRollbackIndex(state, index);
    return { stdout: '', stderr: '', exitCode: 0 };
  });
  answer('/usr/bin/umount', answered(''));
  const match = {
    size: 'largest',
    ...{ serial: undefined, model: undefined, path: undefined, ssd: undefined },
  } as const;
  const seed = JSON.stringify({
    version: 1,
    network: networkSection({ kind: 'dhcp', interface: undefined }),
    storage: storageSection({ disk: SIZES, match, preserveData }),
    identity: { hostname: 'box', username: 'ada', password: HASHES[0] },
    ssh: { 'install-server': true, 'allow-pw': true, 'authorized-keys': [] },
  });
  const world: InstallWorld = {
    ...{ system, progress: NO_PROGRESS, stallMs: 60_000 },
    trust: {
      keys: [parsePublicKey(update.publicPem, 'a key of the test')],
      revoked: new Set(),
      threshold: 1,
    },
    signal: new AbortController().signal,
  };
  return { world, medium: makeMedium(update, { seed, espBytes: SIZES.espBytes }).directory };
}

async function kinds(prepared: Promise<InstallPlan>): Promise<readonly string[]> {
  const plan = await prepared;
  onTestFinished(() => plan.checked.source.close());
  return plan.steps.map(({ kind }) => kind);
}

describe('a disk on which a newer image was healthy', () => {
  const refused = { code: 'rollback-index', exitCode: 5 };
  const install = (index: number, preserveData: boolean) => {
    const { world, medium } = setting(index, preserveData);
    return kinds(
      prepareInstall(world, { medium, seed: undefined, disk: undefined, commands: false }),
    );
  };
  const rescue = (index: number, slot: boolean) => {
    const { world, medium } = setting(index, false);
    return kinds(prepareRescue(world, { medium, disk: undefined, slot }));
  };

  test('refuses to install an older image that keeps its data', async () => {
    await expect(install(KEPT_INDEX, true)).rejects.toMatchObject(refused);
    expect(await install(KEPT_INDEX - 1, true)).toContain('renew-data');
    expect(await install(KEPT_INDEX, false)).toContain('format-data');
  });

  test('refuses a rescue with an older slot image', async () => {
    await expect(rescue(KEPT_INDEX, true)).rejects.toMatchObject(refused);
    expect(await rescue(KEPT_INDEX - 1, true)).toContain('write-slot');
    expect(await rescue(KEPT_INDEX, false)).not.toContain('write-slot');
  });
});
