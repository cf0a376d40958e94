import { shellQuote } from '@micro-linux/core';
import { aptSources } from '../rootfs/apt-sources.ts';
import type { RootfsPlan } from '../rootfs/mmdebstrap-arguments.ts';

/** A call of mmdebstrap that changes a root file system: unpacks it, runs hooks, packs it again. */
export interface RootSession {
  readonly plan: Pick<RootfsPlan, 'profile' | 'mirror' | 'keyring'>;
  /** The root file system. */
  readonly tar: string;
  /** Hooks of mmdebstrap, as options, in their order. */
  readonly hooks: readonly string[];
  /** The tar to make. */
  readonly output: string;
}

/**
 * The arguments of that call. mmdebstrap gives the hooks what packages need, with all mounts in
 * namespaces of its own, also for root: nothing of the host can be written. Its users are those of
 * the root file system, and no service is started.
 */
export function rootSessionArguments({ plan, tar, hooks, output }: RootSession): readonly string[] {
  return [
    '--mode=unshare',
    '--variant=custom',
    '--format=tar',
    '--skip=update,check/qemu,check/signed-by',
    ...(plan.mirror ? [] : [`--keyring=${plan.keyring}`]),
    `--setup-hook=tar-in ${shellQuote(tar)} /`,
    // mmdebstrap makes its own devices.
    '--setup-hook=rm -rf "$1"/dev/*',
    // The link of the image points to what only a running system has.
    '--setup-hook=rm -f "$1/etc/resolv.conf"; cp /etc/resolv.conf "$1/etc/resolv.conf" || true',
    ...hooks,
    plan.profile.suite,
    output,
    ...aptSources(plan.profile, plan.mirror, plan.keyring),
  ];
}
