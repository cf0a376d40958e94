import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const LAUNCHER = join(import.meta.dirname, '../packages/builder/rootfs-overlay/usr/bin/ota-agent');
const NODE = '/usr/lib/ota-agent/node';
const PROGRAM = '/usr/lib/ota-agent/ota-agent.mjs';

/**
 * Writes a script that starts a program as a device starts its agent, with the same settings of
 * Node and the C library, but on this Node.
 */
export async function writeLauncher(output: string, program: string): Promise<void> {
  const text = await readFile(LAUNCHER, 'utf8');
  if (!text.includes(`exec ${NODE} `) || !text.includes(` ${PROGRAM} `)) {
    throw new Error(`${LAUNCHER} starts something else`);
  }
  await writeFile(output, text.replace(NODE, process.execPath).replace(PROGRAM, program), {
    mode: 0o755,
  });
}
