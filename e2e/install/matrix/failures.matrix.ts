import { join } from 'node:path';
import { GIB } from '@micro-linux/core';
import { MediumPath } from '@micro-linux/provision';
import { describe, expect, it } from 'vitest';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { BareMachine, type BlankDisk } from '../../harness/installer/bare-machine.ts';
import { ChangedIso } from '../../harness/installer/change-iso.ts';
import { isBlank } from '../../harness/installer/installed-disk.ts';
import { shareInstaller } from '../../harness/installer/share-installer.ts';
import { breakSignature, damage } from '../../harness/installer/spoil.ts';

const skipped = await whySkipped('installations that must not happen');

describe.skipIf(skipped !== undefined)('an installation that must not happen', () => {
  const shared = shareInstaller('install-failures');

  /** Console output of a machine whose disks stay blank. */
  async function refusal(name: string, disks: readonly BlankDisk[], iso: string): Promise<string> {
    const machine = await BareMachine.of({
      ...{ name, firmware: 'bios', drive: 'cdrom' },
      ...{ iso, disks, scratch: shared.scratch },
    });
    try {
      const said = await machine.failsToInstall();
      for (const disk of machine.disks) {
        expect(await isBlank(disk)).toBe(true);
      }
      return said;
    } finally {
      await machine.dispose();
    }
  }

  it('is refused when the disk is too small', async () => {
    const said = await refusal('too-small', [{ bytes: GIB }], shared.installer.iso);
    expect(said).toMatch(/error\[install-disk-too-small\]/);
  });

  it('is refused when two disks match equally', async () => {
    const said = await refusal(
      'two-equal',
      [{ bytes: 4 * GIB }, { bytes: 4 * GIB }],
      shared.installer.iso,
    );
    expect(said).toMatch(/error\[install-disk-ambiguous\]/);
  });

  it('is refused when there is no disk', async () => {
    const said = await refusal('no-disk', [], shared.installer.iso);
    expect(said).toMatch(/error\[install-no-disk\]/);
  });

  it('is refused when its update is damaged', async () => {
    const iso = await ChangedIso.copy(shared.installer.iso, join(shared.scratch, 'damaged.iso'));
    await damage(iso, MediumPath.update);
    const said = await refusal('damaged', [{ bytes: 4 * GIB }], iso.path);
    expect(said).toMatch(/error\[chunk-corrupt\]/);
  });

  it('is refused when no trusted key signed its update', async () => {
    const iso = await ChangedIso.copy(shared.installer.iso, join(shared.scratch, 'unsigned.iso'));
    await breakSignature(iso);
    const said = await refusal('unsigned', [{ bytes: 4 * GIB }], iso.path);
    expect(said).toMatch(/error\[signature-invalid\]/);
  });
});
