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
    // mmdebstrap copies them from the host.
    '--setup-hook=rm -f "$1/etc/hostname" "$1/etc/resolv.conf"',
    `--setup-hook=tar-in ${shellQuote(tar)} /`,
    // mmdebstrap makes its own devices.
    '--setup-hook=rm -rf "$1"/dev/*',
    ...hooks,
    plan.profile.suite,
    output,
    ...aptSources(plan.profile, plan.mirror, plan.keyring),
  ];
}

/** Where {@link RESOLVE_BY_HOST} keeps the image's own file. */
const KEPT_RESOLVER = 'run/micro-linux-resolv.conf';

/**
 * A hook after which programs in the root resolve names as the host does: the link of the image
 * points to what only a running system has.
 */
export const RESOLVE_BY_HOST =
  `--customize-hook=cd "$1" && mv etc/resolv.conf ${KEPT_RESOLVER} && ` +
  '{ cp /etc/resolv.conf etc/resolv.conf || true; }';

/** A hook that undoes {@link RESOLVE_BY_HOST}. */
export const RESOLVE_BY_IMAGE = `--customize-hook=cd "$1" && rm -f etc/resolv.conf && mv ${KEPT_RESOLVER} etc/resolv.conf`;
