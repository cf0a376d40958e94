import type { InstallPlan, InstallWorld } from '../install/install.ts';
import type { CommandContext, RegisterCommand } from './context.ts';
import { addProgressOption, type ProgressFlags, progressFor } from './progress-option.ts';

interface InstallFlags extends ProgressFlags {
  readonly medium: string;
  readonly seed?: string;
  readonly keys?: string;
  readonly disk?: string;
  readonly check?: boolean;
  readonly dryRun?: boolean;
  readonly commands: boolean;
  readonly shutdown: boolean;
}

export const registerInstall: RegisterCommand = (program, context) => {
  addProgressOption(
    program
      .command('install')
      .description(
        'install this system to a disk, according to the seed on the installation medium',
      )
      .option('--medium <directory>', 'where the medium is mounted', '/cdrom')
      .option(
        '--seed <file>',
        'another seed, which is not signed (default: the signed autoinstall.yaml of the medium)',
      )
      .option('--keys <directory>', 'additional trusted public keys (*.pem)')
      .option(
        '--disk <device>',
        'the disk to install to, instead of the one that the seed’s rules choose',
      )
      .option('--check', 'run all checks that precede the first write, then stop')
      .option('-n, --dry-run', 'the same, and print the plan')
      .option('--no-commands', 'do not run the commands of the seed')
      .option('--no-shutdown', 'do not restart or power off at the end'),
  )
    .addHelpText('after', HELP)
    .action(async (flags: InstallFlags) => {
      const { carryOut, prepareInstall } = await import('../install/install.ts');
      const command = context(flags);
      const world = await installWorld(flags, command);
      const only = flags.check === true || flags.dryRun === true;
      const plan = await prepareInstall(world, {
        medium: flags.medium,
        seed: flags.seed,
        disk: flags.disk,
        commands: flags.commands && !only,
      });
      if (only) {
        await reportPlan(plan, flags.dryRun === true, command);
        return;
      }
      await carryOut(world, plan, flags.commands);
      await reportDone(plan, flags.shutdown ? (plan.seed?.shutdown ?? 'none') : 'none', command);
    });
};

/** Input of install and rescue. */
export async function installWorld(
  flags: ProgressFlags & { readonly keys?: string },
  command: CommandContext,
): Promise<InstallWorld> {
  const { system, signal } = command;
  const { STALL_MS } = await import('../apply/apply.ts');
  const { requireRoot } = await import('../system/require-root.ts');
  const { loadConfig } = await import('../config/load-config.ts');
  const { NO_FLOOR } = await import('../state/trust-floor.ts');
  const { loadTrust } = await import('../trust/load-trust.ts');
  requireRoot(system);
  const { signatures } = loadConfig(system.paths.config);
  return {
    system,
    trust: loadTrust(system.paths.config, signatures.threshold, NO_FLOOR, flags.keys),
    progress: await progressFor(flags, command),
    signal,
    stallMs: STALL_MS,
  };
}

/** Prints what would be done. */
export async function reportPlan(
  plan: InstallPlan,
  steps: boolean,
  { reporter }: CommandContext,
): Promise<void> {
  const { describeDisk } = await import('../install/disks/disk.ts');
  const { describeInstallStep } = await import('../install/plan/steps.ts');
  const { version } = plan.checked.medium.manifest;
  void plan.checked.source.close().catch(() => undefined);
  reporter.result(
    [
      `${version} can be written to ${describeDisk(plan.disk)}`,
      ...(steps
        ? plan.steps.map((step, index) => `  ${index + 1}  ${describeInstallStep(step)}`)
        : []),
    ].join('\n'),
    {
      result: 'planned',
      version,
      disk: plan.disk.path,
      steps: plan.steps.map((step) => ({ step: step.kind, title: describeInstallStep(step) })),
    },
  );
}

/** Prints what was done, and restarts or powers off if the seed says so. */
export async function reportDone(
  plan: InstallPlan,
  shutdown: 'reboot' | 'poweroff' | 'none',
  { reporter, system }: CommandContext,
): Promise<void> {
  const { version } = plan.checked.medium.manifest;
  const then = { reboot: '; restarting', poweroff: '; powering off', none: '' }[shutdown];
  reporter.result(`${version} is installed on ${plan.disk.path}${then}`, {
    result: 'installed',
    version,
    disk: plan.disk.path,
    shutdown,
  });
  if (shutdown !== 'none') {
    await system.run('/usr/bin/systemctl', [shutdown], { timeoutMs: 60_000 });
  }
}

const HELP = `
Overwrites a disk. Before the first write it checks the signature of the update on the medium, every
byte of the medium, which disk the seed's rules choose, and its size. The disk becomes bootable
only with the last bytes: after a power cut, boot the medium again.

The log is copied to /var/log/installer of the installed system.

Exit codes
  0  installed (with --check or --dry-run: could be installed)
  1  failed; error-commands of the seed were run if anything had been written
  2  the seed or the options are invalid
  5  the medium is damaged, or not signed by a trusted key`;
