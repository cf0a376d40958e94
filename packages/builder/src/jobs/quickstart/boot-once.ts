import type { ProfileName } from '../../profiles/profile.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { runVm } from '../vm/run-vm.ts';

export interface BootOnceOptions {
  readonly profile: ProfileName;
  readonly artifacts: string | undefined;
  /** The output of the machine is returned, not written to standard output. */
  readonly json: boolean;
}

/** What to run on the booted machine: enough to see that it is the one just built. */
const SHOW = 'grep PRETTY_NAME /etc/os-release; uname -r; ota-agent status';

/** The next steps after a successful boot. */
const NEXT = [
  'It boots, and you can log in. Next:',
  '  ./micro-linux vm          its console in this terminal',
  '  ./micro-linux vm --ssh    a shell in it, logged in with the password of this build',
  '  ./micro-linux test        boot it by BIOS and UEFI and check it from inside',
].join('\n');

/**
 * Boots the image once in QEMU, logs in over ssh like a user and shows the output.
 *
 * @returns the exit code of the remote command.
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
