import type { RegisterCommand } from './context.ts';

export const registerHistory: RegisterCommand = (program, context) => {
  program
    .command('history')
    .description('what happened to this device’s slots, oldest first')
    .addHelpText(
      'after',
      '\nEach entry is bound to the one before it by a hash: what was changed or taken out shows.',
    )
    .action(async (options) => {
      const { reporter, system } = context(options);
      const { readHistory } = await import('../state/history.ts');
      const { historyText } = await import('../state/history-text.ts');
      const history = readHistory(system.paths.state);
      if (!history.intact) {
        reporter.warn('the history is damaged: lines were changed, taken out or cannot be read');
      }
      reporter.result(historyText(history), history);
    });
};
