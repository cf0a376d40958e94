import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, MicroLinuxError, SlotPath } from '@micro-linux/core';
import { formatKeyPath } from '@micro-linux/provision';
import { moduleName } from '../../config/kernel-settings.ts';
import { nearestFew } from '../../config/suggest.ts';
import type { WhereIs } from '../../config/where-is.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import type { ModuleWish } from '../../product/contribution.ts';
import type { TreeAction } from './slot-step.ts';

/** Refuses modules that the kernel of the image does not have. */
export function modulesAction(wishes: readonly ModuleWish[], whereIs: WhereIs): TreeAction {
  return {
    inputs: { modules: wishes.map(({ module }) => module) },
    code: [ownPath(import.meta.filename)],
    describe: () => [],
    async run(tree) {
      const release = (await readlink(join(tree, SlotPath.kernel))).replace(/^.*vmlinuz-/, '');
      const error = judgeModules(wishes, await moduleNames(tree, release), { release, whereIs });
      if (error) {
        throw error;
      }
    },
  };
}

/** Names and aliases of the modules of a kernel, with `_`. */
async function moduleNames(tree: string, release: string): Promise<ReadonlySet<string>> {
  const folder = join(tree, 'usr/lib/modules', release);
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '');
  const [files, builtIn, aliases] = await Promise.all(
    ['modules.dep', 'modules.builtin', 'modules.alias'].map(read),
  );
  const names = `${files}\n${builtIn}`.matchAll(/^(?:\S*\/)?([^/\s:]+)\.ko(?:\.\w+)?(?=:|$)/gm);
  const others = (aliases ?? '').matchAll(/^alias ([A-Za-z0-9_-]+) /gm);
  return new Set([...names, ...others].map(([, name = '']) => moduleName(name)));
}

/** What is wrong with the modules that the config names; undefined: nothing. */
export function judgeModules(
  wishes: readonly ModuleWish[],
  names: ReadonlySet<string>,
  { release, whereIs }: { readonly release: string; readonly whereIs: WhereIs },
): MicroLinuxError | undefined {
  const missing = wishes.filter(({ module }) => !names.has(module));
  if (missing.length === 0) {
    return undefined;
  }
  const lines = missing.map(({ module, key }) =>
    [
      whereIs(key, key.length === 2 && key[1] === 'load' ? module : undefined) ?? whereIs(key),
      formatKeyPath(key),
      `the kernel ${release} of the image has no module ${module}`,
    ]
      .filter((part) => part !== undefined)
      .join(': '),
  );
  const near = missing.flatMap(({ module }) => nearestFew(module, [...names]));
  const [only] = lines;
  return new MicroLinuxError({
    code: 'module-unknown',
    message:
      lines.length === 1
        ? String(only)
        : `the kernel ${release} of the image lacks ${lines.length} modules`,
    ...(lines.length === 1 ? {} : { why: lines.join('\n') }),
    hint: `${near.length === 0 ? 'correct the name' : `did you mean ${near.join(', ')}?`} Or choose a kernel with more modules: kernel.package: linux-image-amd64 (Debian), linux-image-generic (Ubuntu); prune.paths removes modules too`,
    exitCode: ExitCode.usage,
    details: { modules: missing.map(({ module }) => module) },
  });
}
