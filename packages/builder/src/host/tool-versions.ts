import { MicroLinuxError, type Runner } from '@micro-linux/core';

/** A tool with a minimum version. */
export interface VersionedTool {
  readonly tool: string;
  readonly args: readonly string[];
  readonly package: string;
  readonly minimum: string;
  /** What fails with an older version. */
  readonly why: string;
  /** Whether a build needs it; otherwise, only booting does. */
  readonly need: 'build' | 'boot';
}

export const VERSIONED_TOOLS: readonly VersionedTool[] = [
  {
    tool: 'mmdebstrap',
    args: ['--version'],
    package: 'mmdebstrap',
    minimum: '1.3',
    why: 'older versions do not support the suites and modes used here',
    need: 'build',
  },
  {
    tool: 'mke2fs',
    args: ['-V'],
    package: 'e2fsprogs',
    minimum: '1.47.0',
    why: 'older ones cannot make the same file system twice (hash seed, fixed times)',
    need: 'build',
  },
  {
    tool: 'unshare',
    args: ['--version'],
    package: 'util-linux',
    minimum: '2.38',
    why: '--map-auto was added in 2.38',
    need: 'build',
  },
  {
    tool: 'qemu-system-x86_64',
    args: ['--version'],
    package: 'qemu-system-x86',
    minimum: '7',
    why: 'machines are booted with options that were added in 7.0',
    need: 'boot',
  },
];

/** A tool and the version it reports; undefined if it is not installed or reports none. */
export interface ToolVersion {
  readonly tool: string;
  readonly version: string | undefined;
}

/** Asks each tool for its version. */
export async function gatherToolVersions(run: Runner, signal: AbortSignal): Promise<ToolVersion[]> {
  return Promise.all(
    VERSIONED_TOOLS.map(async ({ tool, args }) => {
      try {
        // mke2fs prints its version to standard error.
        const { stdout, stderr } = await run(tool, args, { signal, timeoutMs: 10_000 });
        return { tool, version: parseVersion(`${stdout}\n${stderr}`) };
      } catch (error) {
        if (error instanceof MicroLinuxError && error.code !== 'cancelled') {
          return { tool, version: undefined };
        }
        throw error;
      }
    }),
  );
}

/** The first version number in a tool's output. */
export function parseVersion(text: string): string | undefined {
  return /(?:^|\s)(\d+(?:\.\d+)+)/m.exec(text)?.[1];
}

/** Whether a dotted version number is at least another. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [ours, theirs] = [version, minimum].map((text) => text.split('.').map(Number));
  for (const [index, wanted] of (theirs ?? []).entries()) {
    const got = ours?.[index] ?? 0;
    if (got !== wanted) {
      return got > wanted;
    }
  }
  return true;
}
