import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunOptions, RunResult } from '@micro-linux/core';
import type { Toolbox } from './toolbox.ts';

/** An apt with the host's proxies and keys, but neither its sources nor its installed packages. */
export interface PrivateApt {
  /** Directory of downloaded packages. */
  readonly archives: string;
  /** Runs apt-get. */
  get(args: readonly string[], options?: RunOptions): Promise<RunResult>;
}

/**
 * Sets up a separate apt in `directory`: empty dpkg status, own lists and downloads. Works as an
 * ordinary user, since it does not write to the host's apt.
 *
 * @param sources The sources.list, as text.
 */
export async function privateApt(
  toolbox: Toolbox,
  directory: string,
  sources: string,
): Promise<PrivateApt> {
  const at = (...names: string[]) => join(directory, ...names);
  const archives = at('archives');
  await mkdir(join(archives, 'partial'), { recursive: true });
  await mkdir(at('lists', 'partial'), { recursive: true });
  await mkdir(at('empty.d'), { recursive: true });
  await writeFile(at('status'), '');
  await writeFile(at('sources.list'), sources);
  const config = at('apt.conf');
  await writeFile(
    config,
    [
      // Hooks of the host would change the host.
      '#clear APT::Update::Post-Invoke;',
      '#clear APT::Update::Post-Invoke-Success;',
      '#clear DPkg::Pre-Invoke;',
      '#clear DPkg::Post-Invoke;',
      setting('Dir::State', at('state')),
      setting('Dir::State::lists', at('lists')),
      setting('Dir::State::status', at('status')),
      setting('Dir::State::extended_states', at('extended_states')),
      setting('Dir::Cache', at('cache')),
      setting('Dir::Cache::archives', archives),
      setting('Dir::Etc::sourcelist', at('sources.list')),
      setting('Dir::Etc::sourceparts', at('empty.d')),
      setting('Dir::Etc::preferences', '/dev/null'),
      setting('Dir::Etc::preferencesparts', at('empty.d')),
      setting('Dir::Log', at('log')),
      setting('APT::Architecture', 'amd64'),
      setting('APT::Architectures', 'amd64'),
      setting('APT::Install-Recommends', 'false'),
      setting('APT::Keep-Downloaded-Packages', 'true'),
      setting('APT::Sandbox::User', 'root'),
      setting('Acquire::Languages', 'none'),
      setting('Debug::NoLocking', 'true'),
      '',
    ].join('\n'),
  );
  await mkdir(at('cache'), { recursive: true });
  await mkdir(at('state'), { recursive: true });
  return {
    archives,
    get: (args, options = {}) =>
      toolbox.run('apt-get', ['-c', config, '-qq', ...args], {
        signal: toolbox.signal,
        env: { LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
        ...options,
      }),
  };
}

function setting(name: string, value: string): string {
  return `${name} "${value}";`;
}
