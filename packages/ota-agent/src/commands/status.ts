import type { RegisterCommand } from './context.ts';

export const registerStatus: RegisterCommand = (program, context) => {
  program
    .command('status')
    .description('which slot runs, which one is confirmed, what is installed, how updates went')
    .action(async (options) => {
      const { reporter, system } = context(options);
      const { readStatus } = await import('../status/status.ts');
      const { statusText } = await import('../status/status-text.ts');
      const status = await readStatus(system);
      reporter.result(statusText(status), status);
    });
};
