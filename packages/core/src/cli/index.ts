export { type CancelOptions, cancelOnSignals, endProcess } from './cancel-on-signals.ts';
export { guardOutput, type OutputGuard } from './guard-output.ts';
export type { CommonOptions, ContextFactory, RegisterCommand } from './register-command.ts';
export { reportUncaught } from './report-uncaught.ts';
export { type Program, runProgram } from './run-program.ts';
