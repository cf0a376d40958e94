import type { RegisterCommand } from './context.ts';

export const registerMarkBoot: RegisterCommand = (program, context) => {
  program
    .command('mark-boot')
    .description('confirm the running slot: it is healthy, boot it from now on')
    .addHelpText(
      'after',
      '\nCalled by ota-agent-mark-boot.service once boot-complete.target is reached.\nBy hand it says "this boot is good", whatever the health checks found.',
    )
    .action(async (options) => {
      const { reporter, system } = context(options);
      const { markBoot } = await import('../slots/mark-boot.ts');
      const result = await markBoot(system);
      for (const repaired of result.repaired) {
        reporter.warn(`${repaired} was damaged and has been written anew`);
      }
      reporter.result(
        result.written.length === 0
          ? `slot ${result.slot} was confirmed already`
          : `slot ${result.slot} is confirmed`,
        { slot: result.slot, written: result.written, repaired: result.repaired },
      );
    });
};
