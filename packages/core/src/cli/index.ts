export { type CancelOptions, cancelOnSignals, endProcess } from './cancel-on-signals.ts';
export type { CommonOptions, ContextFactory, RegisterCommand } from './register-command.ts';
export { reportUncaught } from './report-uncaught.ts';
export { runProcess } from './run-process.ts';
export { type Program, runProgram } from './run-program.ts';
