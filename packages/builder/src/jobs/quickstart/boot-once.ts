import type { ProfileName } from '../../profiles/profile.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { runVm } from '../vm/run-vm.ts';

export interface BootOnceOptions {
  readonly profile: ProfileName;
  readonly artifacts: string | undefined;
  /** What the machine says comes as a result, not straight to standard output. */
  readonly json: boolean;
}

/** What the booted machine is asked: enough to see that it is the one just built. */
const SHOW = 'grep PRETTY_NAME /etc/os-release; uname -r; ota-agent status';

/** How to go on, once it has been seen to work. */
const NEXT = [
  'It boots, and it lets you in. Next:',
  '  ./micro-linux vm          its console in this terminal',
  '  ./micro-linux vm --ssh    a shell in it, logged in with the password of this build',
  '  ./micro-linux test        boot it by BIOS and UEFI and check it from inside',
].join('\n');

/**
 * Boots the image once in QEMU, logs in over ssh as a user would and shows what it says.
 *
 * @returns the exit code of what was run in it.
 */
export async function bootOnce(context: CommandContext, options: BootOnceOptions): Promise<number> {
  const code = await runVm(context, undefined, {
    profile: options.profile,
    ...(options.artifacts === undefined ? {} : { artifacts: options.artifacts }),
    ssh: [SHOW],
    json: options.json,
    accel: 'auto',
    memory: 1024,
    cpus: 2,
  });
  if (code === 0) {
    context.reporter.info(NEXT);
  }
  return code;
}
