import type { RegisterCommand } from './context.ts';

export const registerStatus: RegisterCommand = (program, context) => {
  program
    .command('status')
    .description(
      'print which slot runs and which is confirmed, what is installed, how the last update went',
    )
    .action(async (options) => {
      const { reporter, system } = context(options);
      const { readStatus } = await import('../status/status.ts');
      const { statusText } = await import('../status/status-text.ts');
      const status = await readStatus(system);
      reporter.result(statusText(status), status);
    });
};
