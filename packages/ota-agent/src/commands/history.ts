import type { RegisterCommand } from './context.ts';

export const registerHistory: RegisterCommand = (program, context) => {
  program
    .command('history')
    .description('print what happened to this device’s slots, oldest first')
    .addHelpText(
      'after',
      '\nEach entry contains the hash of the one before it, so a changed or removed entry is detected.',
    )
    .action(async (options) => {
      const { reporter, system } = context(options);
      const { readHistory } = await import('../state/history.ts');
      const { historyText } = await import('../state/history-text.ts');
      const history = readHistory(system.paths.state);
      if (!history.intact) {
        reporter.warn('the history is damaged: lines were changed, removed or cannot be read');
      }
      reporter.result(historyText(history), history);
    });
};
