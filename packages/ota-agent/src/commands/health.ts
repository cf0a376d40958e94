import { ExitCode } from '@micro-linux/core';
import type { CommonOptions, RegisterCommand } from './context.ts';

interface HealthOptions extends CommonOptions {
  readonly record?: boolean;
}

export const registerHealth: RegisterCommand = (program, context, setExitCode) => {
  program
    .command('health')
    .description('run the health checks and report what each of them found')
    .option('--record', 'as at boot: wait for checks to settle, and save the report')
    .addHelpText('after', HELP)
    .action(async (options: HealthOptions) => {
      const { reporter, system } = context(options);
      const { checkHealth } = await import('../health/health.ts');
      const { healthText } = await import('../health/report.ts');
      const { report, notes } = await checkHealth(system, { record: options.record === true });
      for (const note of notes) {
        reporter.warn(note);
      }
      const failed = report.checks.filter(({ ok }) => !ok).length;
      if (failed === 0) {
        reporter.result(healthText(report), report);
        return;
      }
      setExitCode(ExitCode.failed);
      reporter.result(healthText(report), {
        ...report,
        ok: false,
        code: 'unhealthy',
        message: `${failed} of ${report.checks.length} checks failed`,
        exitCode: ExitCode.failed,
      });
    });
};

const HELP = `
Exits with 1 when a check fails. Each check runs once; with --record, failing checks are repeated for
as long as the config allows (health.settleSeconds).

The checks are the units that the config names, the executables in health.d (of /etc/ota-agent,
/run/ota-agent and /usr/lib/ota-agent; exit status 0 is healthy) and, on a trial boot, whatever worked
on the previous system: services, the default route, sshd, configured hosts.`;
