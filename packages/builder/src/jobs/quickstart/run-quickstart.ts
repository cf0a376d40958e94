import { userInfo } from 'node:os';
import { ExitCode, errorToObject, MicroLinuxError, run } from '@micro-linux/core';
import { BUILD_TOOLS } from '../../artifacts/build-tools.ts';
import { configFlags } from '../../config/flags.ts';
import { loadConfigFile } from '../../config/load.ts';
import { archiveSources, checkArchive, checkKeyring, unreachableHint } from '../../host/archive.ts';
import { requireTools } from '../../host/missing-tools.ts';
import { setUpHost } from '../../host/setup-host.ts';
import { directories } from '../../output/directories.ts';
import { DEFAULT_PROFILE, profileOf } from '../../profiles/index.ts';
import type { ProfileName } from '../../profiles/profile.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { runBuild } from '../build/run-build.ts';
import { bootOnce } from './boot-once.ts';
import { chooseProfile, type ProfileChoice } from './choose-profile.ts';

export interface QuickstartOptions {
  readonly profile?: ProfileName;
  readonly config?: string;
  readonly variant?: string;
  readonly artifacts?: string;
  readonly boot: boolean;
  readonly json?: boolean;
}

/** What booting needs in addition to building. */
const BOOT_TOOLS = ['qemu-system-x86_64', 'ssh'];

/** Milliseconds to wait for the default profile's archive before the fallback is used. */
const ARCHIVE_TIMEOUT_MS = 10_000;

/**
 * Sets up the host if needed, chooses a profile, builds, boots once, and prints the next steps.
 *
 * @returns the exit code.
 */
export async function runQuickstart(
  context: CommandContext,
  options: QuickstartOptions,
): Promise<number> {
  const { reporter, cwd, env } = context;
  const { config, isSet } = await loadConfigFile({
    ...{ path: options.config, variant: options.variant, cwd, env },
    flags: configFlags({ profile: options.profile }),
  });
  await setUpIfNeeded(context);
  // A user who sets a mirror wants the distribution on it.
  const isChosen = isSet('profile') || isSet('mirror');
  const choice = isChosen
    ? {
        profile: config.profile,
        line: `building ${config.profile}, as ${options.profile ? 'asked' : 'the config says'}`,
      }
    : await askArchive(context);
  reporter.info(choice.line);
  if (!isChosen && config.keyring === undefined) {
    await keyringFor(context, choice.profile);
  }
  const boot = { profile: choice.profile, artifacts: options.artifacts };
  const build = { ...options, profile: choice.profile };
  if (options.json !== true) {
    const built = await runBuild(context, build, WANTED);
    return built && options.boot ? bootOnce(context, { ...boot, json: false }) : ExitCode.done;
  }
  // One JSON object with both results.
  const results: object[] = [];
  const quiet = {
    ...context,
    reporter: { ...reporter, result: (_human: string, data: object) => void results.push(data) },
  };
  const built = await runBuild(quiet, build, WANTED);
  const exitCode = built && options.boot ? await bootOnce(quiet, { ...boot, json: true }) : 0;
  const [made, booted] = results;
  reporter.result('', {
    ...made,
    ...(exitCode === ExitCode.done ? {} : errorToObject(machineFailed(exitCode))),
    ...(booted === undefined ? {} : { boot: machineOutput(booted) }),
  });
  return exitCode;
}

/** What a quickstart leaves in the artifacts directory. */
const WANTED = ['qcow2', 'update'] as const;

function machineFailed(exitCode: number): MicroLinuxError {
  return new MicroLinuxError({
    code: 'remote-command-failed',
    message: `the image was built and booted, but the command in it ended with status ${exitCode}`,
    hint: './micro-linux test',
    exitCode,
  });
}

function machineOutput(result: object): object {
  const names = ['exitCode', 'stdout', 'stderr'];
  return Object.fromEntries(Object.entries(result).filter(([name]) => names.includes(name)));
}

async function askArchive(context: CommandContext): Promise<ProfileChoice> {
  const profile = profileOf(DEFAULT_PROFILE);
  const step = context.reporter.step(`asking the archive of ${profile.title}`);
  try {
    const [source] = await archiveSources(profile, undefined, { signal: context.signal, run });
    const answer = source
      ? await checkArchive({
          archiveUrl: source.uri,
          suite: source.suite,
          signal: context.signal,
          timeoutMs: ARCHIVE_TIMEOUT_MS,
        })
      : undefined;
    step.done(answer?.reachable ? 'it answers' : 'no answer');
    if (answer) {
      return chooseProfile(profile, answer);
    }
  } catch (error) {
    step.failed();
    throw error;
  }
  throw new MicroLinuxError({
    code: 'mirror-unknown',
    message: `mmdebstrap names no archive for ${profile.title}`,
    hint: unreachableHint(profile),
  });
}

/** Without a vendor's keys its archive is not trusted; setup-host gets them. */
async function keyringFor(context: CommandContext, name: ProfileName): Promise<void> {
  try {
    await checkKeyring(profileOf(name), { signal: context.signal, run });
  } catch (error) {
    if (!(error instanceof MicroLinuxError) || error.code !== 'keyring-missing') {
      throw error;
    }
    await setUp(context);
  }
}

async function setUpIfNeeded(context: CommandContext): Promise<void> {
  try {
    await requireTools([...BUILD_TOOLS, ...BOOT_TOOLS], context.env['PATH']);
  } catch (error) {
    if (!(error instanceof MicroLinuxError) || error.code !== 'host-packages-missing') {
      throw error;
    }
    context.reporter.info(`${error.message}: setting this host up`);
    await setUp(context);
  }
}

async function setUp(context: CommandContext): Promise<void> {
  const { uid, username } = userInfo();
  await setUpHost({
    userName: username,
    uid,
    needs: ['build', 'boot'],
    dryRun: false,
    reporter: { ...context.reporter, result: (human) => context.reporter.info(human) },
    env: context.env,
    signal: context.signal,
    cache: directories(context.root, context.env, { cwd: context.cwd }).cache,
  });
}
