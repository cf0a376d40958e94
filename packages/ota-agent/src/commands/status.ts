import type { RegisterCommand } from './context.ts';

export const registerStatus: RegisterCommand = (program, context) => {
  program
    .command('status')
    .description('which slot runs, which one is confirmed, what is installed')
    .action(async (options) => {
      const { reporter, system } = context(options);
      const { readStatus, statusText } = await import('../slots/status.ts');
      const status = readStatus(system);
      reporter.result(statusText(status), status);
    });
};
