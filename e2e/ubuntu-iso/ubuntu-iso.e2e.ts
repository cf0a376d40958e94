import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { run, start } from '@micro-linux/core';
import { chooseAccelerator } from 'micro-linux/vm/accelerator';
import { prepareFirmware } from 'micro-linux/vm/firmware';
import { probeKvm } from 'micro-linux/vm/kvm-probe';
import { withLivelyMachine } from 'micro-linux/vm/lively-machine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partitionDigest, unpackDisk } from '../harness/cli/disk.ts';
import { microLinux, microLinuxJson, ROOT } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';
import { sfdiskTable } from '../harness/cli/sfdisk-table.ts';

/** Only with the official ISO, which nobody may pass on with a checkout. */
const source = process.env['SOURCE_ISO'];
const skipped = (await whySkipped("Ubuntu's own ISO")) ?? (source ? undefined : 'no SOURCE_ISO');
if (!source) {
  process.stderr.write(
    "\n!!! SKIPPED: an installation by Ubuntu's own ISO: SOURCE_ISO=ubuntu-24.04.N-live-server-amd64.iso runs it\n\n",
  );
}

/** Milliseconds: without KVM the live system alone takes half an hour to come up. */
const INSTALLATION = 3 * 3_600_000;

/** Where the consoles' logs stay, to be read after a failure. */
const RESULTS = resolve(ROOT, process.env['RESULTS_DIR'] ?? 'artifacts/test-results');

describe.skipIf(skipped !== undefined)("Ubuntu's own ISO, remastered", () => {
  let scratch: string;
  let artifacts: string;
  let made: { iso: string; slot: { bytes: number; sha256: string } };

  beforeAll(async () => {
    scratch = await makeScratch('ubuntu-iso');
    artifacts = join(scratch, 'artifacts');
    await mkdir(RESULTS, { recursive: true });
    made = (await microLinuxJson([
      'iso',
      ...['--source-iso', resolve(source ?? ''), '--artifacts', artifacts],
      // The machine ends when it is done, and must not start what it installed from the DVD again.
      ...['--install-shutdown', 'poweroff', '--console', 'tty0', 'ttyS0,115200'],
    ])) as unknown as typeof made;
  });
  afterAll(() => removeScratch(scratch));

  test.each(['bios', 'uefi'] as const)(
    'installs by %s, unattended and without a network, and the installed system is healthy',
    async (firmware) => {
      const directory = join(scratch, firmware);
      // Beside the credentials, where `test` looks for them.
      const disk = join(artifacts, `installed-${firmware}.qcow2`);
      await mkdir(directory, { mode: 0o700 });
      await run('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '12G']);
      const { accelerator } = await chooseAccelerator('auto', () => probeKvm({ start }));
      const log = join(RESULTS, `ubuntu-iso-${firmware}.log`);
      const exit = await withLivelyMachine(
        {
          directory,
          firmware: await prepareFirmware(firmware, directory),
          accelerator,
          memoryMib: 4096,
          cpus: 2,
          disks: [
            { path: disk, format: 'qcow2', bus: 'virtio', bootIndex: 1 },
            { path: made.iso, format: 'raw', bus: 'cdrom', bootIndex: 0 },
          ],
          network: false,
          watchdog: false,
          noReboot: true,
          display: 'none',
          serial: { logFile: log },
          signal: AbortSignal.timeout(INSTALLATION),
        },
        { choice: 'auto', tell: console.warn },
        (machine) => machine.exited,
      );
      // It powered off, as the seed says; a failed installation stays on.
      expect(exit).toMatchObject({ exitCode: 0, signal: undefined });
      expect(await readFile(log, 'utf8')).not.toContain('Continue with autoinstall');

      const raw = await unpackDisk(disk, directory);
      await run('sgdisk', ['-v', raw.path]);
      const partitions = await sfdiskTable(raw);
      expect(partitions.map(({ name }) => name).sort()).toEqual(
        ['ESP', 'bios', 'data', 'rootA', 'rootB'].sort(),
      );
      const slot = partitions.find(({ name }) => name === 'rootA');
      expect(slot && (await partitionDigest(raw, slot, made.slot.bytes))).toBe(made.slot.sha256);

      const result = await microLinux([
        ...['test', disk, '--artifacts', artifacts, '--firmware', 'bios,uefi'],
      ]);
      expect(result).toMatchObject({ exitCode: 0 });
    },
    INSTALLATION + 3_600_000,
  );
});
