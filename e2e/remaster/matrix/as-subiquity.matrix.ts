import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, start } from '@micro-linux/core';
import { installManifestSchema, MediumPath } from '@micro-linux/provision';
import { readCredentials } from 'micro-linux/vm/credentials';
import { LOGIN_PROMPT } from 'micro-linux/vm/login-prompt';
import { withMachine } from 'micro-linux/vm/machine';
import { timeOf } from 'micro-linux/vm/own-time';
import { PATIENCE } from 'micro-linux/vm/patience';
import { createSsh } from 'micro-linux/vm/ssh';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partitionDigest, unpackDisk } from '../../harness/cli/disk.ts';
import { microLinux, microLinuxJson } from '../../harness/cli/micro-linux.ts';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { sfdiskTable } from '../../harness/cli/sfdisk-table.ts';
import { makeUbuntuIso, SERVER_24_04_2, unpackIso } from '../../harness/ubuntu-iso/index.ts';

const skipped = await whySkipped('what a remaster does in a live system');

/**
 * Our image stands for Ubuntu's live system here, and a script for Subiquity; medium, program, agent,
 * disk and mounts are real.
 */
describe.skipIf(skipped !== undefined)('a remastered medium in a live system', () => {
  let scratch: string;
  let artifacts: string;
  let iso: string;
  let slot: { bytes: number; sha256: string };
  let disk: string;

  beforeAll(async () => {
    scratch = await makeScratch('as-subiquity');
    artifacts = join(scratch, 'artifacts');
    // Beside the credentials, where `test` looks for them.
    disk = join(artifacts, 'installed.qcow2');
    const source = join(scratch, 'source.iso');
    await makeUbuntuIso({ edition: SERVER_24_04_2, output: source, scratch, run });
    const config = ['--profile', 'bookworm', '--artifacts', artifacts];
    await microLinuxJson(['qcow2', ...config]);
    const made = await microLinuxJson(['iso', '--source-iso', source, ...config]);
    iso = String(made['iso']);
    slot = made['slot'] as typeof slot;
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '12G']);
  });
  afterAll(() => removeScratch(scratch));

  test('installs with the calls that Subiquity makes, and leaves slot A at /target', async () => {
    const tree = join(scratch, 'medium');
    await unpackIso(iso, tree, run);
    const manifest = installManifestSchema.parse(
      JSON.parse(await readFile(join(tree, MediumPath.manifest), 'utf8')),
    );
    const script = await readFile(join(import.meta.dirname, 'as-subiquity.sh'), 'utf8');
    const { espBytes, slotBytes } = manifest.disk;
    const sectors = `${espBytes / 512} ${slotBytes / 512}`;
    const answer = await inLiveSystem((ssh) =>
      ssh.runAsRoot(
        `cat >/run/as-subiquity.sh <<'SCRIPT'\n${script}\nSCRIPT\nsh /run/as-subiquity.sh ${sectors}`,
        {
          timeoutMs: PATIENCE.far,
          okExitCodes: [0, 1],
        },
      ),
    );
    expect(answer.exitCode, answer.stderr).toBe(0);
    expect(answer.stdout.trim().split('\n').at(-1)).toMatch(/^\/dev\/vdb2 ro,/);
  });

  test('leaves the disk as a build makes it: slot A as signed, healthy by BIOS and UEFI', async () => {
    const raw = await unpackDisk(disk, scratch);
    expect((await run('sgdisk', ['-v', raw.path])).stdout).toContain('No problems found');
    const partitions = await sfdiskTable(raw);
    expect(partitions.map(({ name }) => name).sort()).toEqual(
      ['ESP', 'bios', 'data', 'rootA', 'rootB'].sort(),
    );
    const rootA = partitions.find(({ name }) => name === 'rootA');
    expect(rootA && (await partitionDigest(raw, rootA, slot.bytes))).toBe(slot.sha256);
    const result = await microLinux([
      ...['test', disk, '--artifacts', artifacts, '--firmware', 'bios,uefi'],
    ]);
    expect(result).toMatchObject({ exitCode: 0 });
  });

  async function inLiveSystem<T>(
    use: (ssh: Awaited<ReturnType<typeof createSsh>>) => Promise<T>,
  ): Promise<T> {
    const directory = join(scratch, 'machine');
    await mkdir(directory, { mode: 0o700 });
    const login = await readCredentials(join(artifacts, 'credentials.txt'));
    return withMachine(
      {
        directory,
        firmware: { kind: 'bios' },
        accelerator: 'tcg',
        memoryMib: 1024,
        cpus: 2,
        disks: [
          {
            path: join(artifacts, 'micro-linux-bookworm.qcow2'),
            format: 'qcow2',
            bus: 'virtio',
            bootIndex: 0,
          },
          { path: disk, format: 'qcow2', bus: 'virtio' },
          { path: iso, format: 'raw', bus: 'virtio', readOnly: true },
        ],
        network: { forwards: [{ hostPort: 0, guestPort: 22 }] },
        watchdog: false,
        noReboot: true,
        display: 'none',
        serial: { logFile: join(scratch, 'console.log') },
      },
      async (machine) => {
        await machine.waitFor(LOGIN_PROMPT, {
          timeoutMs: PATIENCE.far,
          silentMs: PATIENCE.silent,
        });
        const ssh = await createSsh({
          port: await machine.forwardedPort(22),
          login,
          directory,
          run,
          start,
          startTimer: timeOf(machine.pid),
        });
        await ssh.ready({ timeoutMs: PATIENCE.sshd });
        const result = await use(ssh);
        await machine.powerDown({ timeoutMs: PATIENCE.shutdown });
        return result;
      },
    );
  }
});
