export { commonOptions, describeProgram, type ProgramVerbs } from './add-verbs.ts';
export { type CancelOptions, cancelOnSignals, endProcess } from './cancel-on-signals.ts';
export type {
  ArgumentEntry,
  CommandTable,
  FlagEntry,
  ValueEntry,
  VerbEntry,
} from './command-table.ts';
export {
  completionScript,
  registerCompletion,
  SHELLS,
  type Shell,
} from './completion/register-completion.ts';
export { OfferingOption } from './offering-option.ts';
export type { CommonOptions, ContextFactory, RegisterCommand } from './register-command.ts';
export { reportUncaught } from './report-uncaught.ts';
export { runProcess } from './run-process.ts';
export { type Program, runProgram } from './run-program.ts';
