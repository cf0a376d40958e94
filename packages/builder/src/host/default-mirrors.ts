import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { MicroLinuxError, type Runner, run } from '@micro-linux/core';
import { makeOwnFolder } from '../system/temporary/own-folder.ts';

/** One archive a suite comes from. */
export interface ArchiveSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

export interface DefaultMirrorsOptions {
  readonly signal?: AbortSignal;
  readonly run?: Runner;
}

/** Fetches and installs nothing, checks no keys and leaves no files; chrootless needs no root. */
const ASK_ONLY = [
  '--quiet',
  '--mode=chrootless',
  '--variant=custom',
  '--format=null',
  '--skip=check/chrootless,check/qemu,check/signed-by,update,cleanup',
  `--setup-hook=cat "$1/etc/apt/sources.list" >&2`,
];

/**
 * The archives mmdebstrap uses for a suite by default, so that our code contains no host names.
 * Needs no root, network or keyring; takes half a second.
 *
 * @throws MicroLinuxError `suite-unknown` if mmdebstrap has no archive for the suite
 */
export async function defaultMirrors(
  suite: string,
  options: DefaultMirrorsOptions = {},
): Promise<ArchiveSource[]> {
  const runner = options.run ?? run;
  // A mmdebstrap that is cancelled leaves its folder.
  const folder = await makeOwnFolder(tmpdir(), 'micro-linux-mirrors-', run);
  let sources: ArchiveSource[];
  try {
    const { stderr } = await runner('mmdebstrap', [...ASK_ONLY, suite, '-'], {
      ...(options.signal ? { signal: options.signal } : {}),
      env: { TMPDIR: folder },
    });
    sources = parseSources(stderr);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (sources.length === 0) {
    throw new MicroLinuxError({
      code: 'suite-unknown',
      message: `mmdebstrap has no archive for the suite ${suite}`,
      hint: 'name one: `mirror:` in micro-linux.yaml',
      details: { suite },
    });
  }
  return sources;
}

/** The `deb` lines of a one-line-style sources.list; other lines are ignored. */
export function parseSources(text: string): ArchiveSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line.trim());
    return match
      ? [
          {
            uri: match[1] ?? '',
            suite: match[2] ?? '',
            components: (match[3] ?? '').trim().split(/\s+/),
          },
        ]
      : [];
  });
}
