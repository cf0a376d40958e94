import { lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ExitCode, explainSystemError, MicroLinuxError, shellQuote } from '@micro-linux/core';
import { checkHostname, checkUserName, type Problem, show } from '@micro-linux/provision';
import { checkProductId } from '../../config/product-id.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { exampleProject } from './example-project.ts';
import { type ProjectFile, projectFiles } from './project-files.ts';

export interface InitOptions {
  readonly name?: string;
  readonly user?: string;
  /** Copy this example; by default the project is a small one. */
  readonly example?: string;
}

/** Login name of a small project. */
const DEFAULT_USER = 'micro';

/** The script with which an example makes its own packages. */
const BUILD_APP = 'build-app.sh';

/**
 * Writes a new project into a folder. Never replaces a file.
 *
 * @throws MicroLinuxError `project-exists`, `project-name-invalid`, exit code 2.
 */
export async function runInit(
  { cwd, reporter }: CommandContext,
  directory: string,
  options: InitOptions,
): Promise<void> {
  const folder = resolve(cwd, directory);
  const name = options.name ?? nameOf(folder);
  requireName('--name', name, checkProductId(name) ?? checkHostname(name));
  const { example, user = example === undefined ? DEFAULT_USER : undefined } = options;
  if (user !== undefined) {
    requireName('--user', user, checkUserName(user));
  }
  const files =
    example === undefined
      ? await projectFiles({ name, user: user ?? DEFAULT_USER })
      : await exampleProject(example, { name, user });
  await refuseExisting(folder, files);
  const written: string[] = [];
  try {
    for (const entry of files) {
      const file = join(folder, entry.path);
      await mkdir(dirname(file), { recursive: true });
      await write(file, entry);
      written.push(file);
    }
  } catch (error) {
    await Promise.all(written.map((file) => rm(file, { force: true })));
    throw explainSystemError(error) ?? error;
  }
  const paths = files.map(({ path }) => path);
  const change = relative(cwd, folder);
  reporter.result(
    [
      `made ${name} in ${folder}:`,
      ...paths.map((path) => `  ${path}`),
      'next:',
      ...(change === '' ? [] : [`  cd ${shellQuote(change)}`]),
      ...(paths.includes(BUILD_APP) ? [`  ./${BUILD_APP}`] : []),
      '  ./micro-linux config',
      '  ./micro-linux build',
    ].join('\n'),
    { directory: folder, name, user: user ?? null, example: example ?? null, files: paths },
  );
}

/** Fails where something exists. */
function write(file: string, { content, isExecutable }: ProjectFile): Promise<void> {
  return Buffer.isBuffer(content)
    ? writeFile(file, content, { flag: 'wx', mode: isExecutable ? 0o777 : 0o666 })
    : symlink(content.link, file);
}

/** The name of the folder as a product id and host name. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  return name === '' ? 'product' : name;
}

function requireName(flag: string, value: string, problem: Problem | undefined): void {
  if (problem) {
    throw new MicroLinuxError({
      code: 'project-name-invalid',
      message: `flag ${flag}: ${problem.what.includes(value) ? problem.what : `${show(value)} ${problem.what}`}`,
      hint: problem.fix ?? `./micro-linux init ${flag} gateway`,
      exitCode: ExitCode.usage,
    });
  }
}

async function refuseExisting(folder: string, files: readonly ProjectFile[]): Promise<void> {
  const found: string[] = [];
  for (const { path } of files) {
    const isThere = await lstat(join(folder, path)).then(
      () => true,
      () => false,
    );
    if (isThere) {
      found.push(path);
    }
  }
  if (found.length > 0) {
    throw new MicroLinuxError({
      code: 'project-exists',
      message: `${folder} already has ${found.join(', ')}`,
      why: 'init never replaces a file, and has written nothing',
      hint: './micro-linux init NAME makes a new folder; or move these files away',
      exitCode: ExitCode.usage,
      details: { files: found },
    });
  }
}
