/**
 * Records first-boot.txt and second-boot.txt again, from a bookworm image on a disk 1 GiB larger:
 *
 *     node packages/builder/src/vm/smoke/testdata/capture.ts artifacts/micro-linux-bookworm.qcow2
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GIB, run, start } from '@micro-linux/core';
import { inspectImage } from '../../image-file.ts';
import { loginFor } from '../../login.ts';
import { LOGIN_PROMPT } from '../../login-prompt.ts';
import { withMachine } from '../../machine.ts';
import { createSsh } from '../../ssh.ts';
import { withWorkspace } from '../../workspace.ts';
import { leaveMarkers, probeScript } from '../probes.ts';

const TIMEOUT = { timeoutMs: 600_000 };
const image = await inspectImage(process.argv[2] ?? '', { run });
const login = await loginFor({ image: image.path });

await withWorkspace({ run }, async (workspace) => {
  const overlay = await workspace.overlay({ ...image, bytes: image.bytes + GIB });
  const machine = {
    directory: workspace.directory,
    firmware: { kind: 'bios' },
    accelerator: 'tcg',
    memoryMib: 1024,
    cpus: 2,
    disks: [{ path: overlay, format: 'qcow2', bus: 'virtio', bootIndex: 0 }],
    network: { forwards: [{ hostPort: 0, guestPort: 22 }] },
    watchdog: true,
    noReboot: false,
    display: 'none',
    serial: { logFile: join(workspace.directory, 'console.log') },
  } as const;
  for (const name of ['first-boot.txt', 'second-boot.txt']) {
    await withMachine(machine, async (running) => {
      await running.waitFor(LOGIN_PROMPT, TIMEOUT);
      const port = await running.forwardedPort(22);
      const ssh = await createSsh({ port, login, directory: workspace.directory, run, start });
      await ssh.ready(TIMEOUT);
      const { stdout } = await ssh.runAsRoot(probeScript('@@x'), TIMEOUT);
      await writeFile(join(import.meta.dirname, name), stdout);
      await ssh.runAsRoot(leaveMarkers('feedface'), TIMEOUT);
      await running.powerDown(TIMEOUT);
    });
  }
});
