import { join } from 'node:path';
import { SlotPath } from '@micro-linux/core';
import { INSTALL_TARGET, MEDIUM_DIRECTORY, type TreeEntry } from '@micro-linux/provision';
import { AGENT_DIRECTORY } from '../../product/agent.ts';
import { collectTree } from '../tar/collect-tree.ts';
import type { BuiltAgent } from './agent-step.ts';
import { maskedUnits } from './masked-units.ts';
import { enabledUnits } from './systemd-units.ts';

/** Files for the initrd: they must exist before the kernel's package is installed. */
export async function earlyOverlay(root: string): Promise<TreeEntry[]> {
  const tree = await collectTree(join(root, 'packages/builder/rootfs-overlay'));
  return tree.filter(({ path }) =>
    EARLY_DIRECTORIES.some((folder) => path.startsWith(`${folder}/`)),
  );
}

/** What the initrd is made from, while the packages are installed. */
export const EARLY_DIRECTORIES: readonly string[] = [
  '/usr/share/initramfs-tools',
  '/etc/initramfs-tools',
];

/**
 * All other files that are the same for every image: scripts, units with their links, mount points.
 */
export async function staticOverlay(root: string): Promise<TreeEntry[]> {
  const systemd = join(root, 'systemd');
  return [
    ...(await collectTree(join(root, 'packages/builder/rootfs-overlay'))),
    ...(await collectTree(join(systemd, 'units'), '/usr/lib/systemd/system')),
    ...(await collectTree(join(systemd, 'config'), '/usr/lib/systemd')),
    ...(await collectTree(join(systemd, 'scripts'), '/usr/lib/micro-linux')),
    ...(await collectTree(join(systemd, 'catalog'), '/usr/lib/systemd/catalog')),
    ...(await enabledUnits(join(systemd, 'units'))),
    ...maskedUnits(),
    { kind: 'directory', path: '/data' },
    { kind: 'directory', path: '/boot/efi' },
    { kind: 'directory', path: MEDIUM_DIRECTORY },
    // Where the late-commands of an installation expect the new system.
    { kind: 'directory', path: INSTALL_TARGET },
  ];
}

/** Files that depend on the config or are made by earlier steps. */
export function builtOverlay(built: {
  readonly agent: BuiltAgent;
  readonly node: string;
  /** Text of the slot's GRUB settings. */
  readonly grubSlotConfig: string;
  /** Keys and defaults of the agent, and other files from the config. */
  readonly settings: readonly TreeEntry[];
}): TreeEntry[] {
  return [
    { kind: 'file', path: SlotPath.grubSlotConfig, content: built.grubSlotConfig },
    { kind: 'directory', path: AGENT_DIRECTORY },
    {
      kind: 'file',
      path: `${AGENT_DIRECTORY}/ota-agent.mjs`,
      content: { from: built.agent.bundle },
    },
    {
      kind: 'file',
      path: `${AGENT_DIRECTORY}/ota-agent.cache`,
      content: { from: built.agent.codeCache },
    },
    { kind: 'file', path: `${AGENT_DIRECTORY}/node`, mode: 0o755, content: { from: built.node } },
    ...built.settings,
  ];
}
