export {
  BOOT_VARIABLES,
  type BootEnv,
  type BootEnvReading,
  BootVariable,
  bootEnvVariables,
  confirmedMarker,
  DEFAULT_BOOT_COUNTER,
  MAX_TRIES,
  readBootEnv,
  readConfirmedMarker,
  type Trial,
  type Variables,
} from './boot/boot-env.ts';
export {
  bootMark,
  FACTORY_MARK,
  isBootMark,
  MARK_DIGITS,
  MARK_PATTERN,
  MARK_SEED_BYTES,
  MarkedBlock,
  NO_MARK,
  nextMark,
} from './boot/boot-mark.ts';
export {
  BOOT_REASONS,
  BOOT_SOURCES,
  type BootReason,
  type BootSource,
  bootTableMarkdown,
  type Candidate,
  type Condition,
  type CounterWrite,
  STANDING_RULES,
  type StandingRule,
} from './boot/boot-table.ts';
export {
  type BootDecision,
  type BootOptions,
  type BootState,
  decideBoot,
} from './boot/decide-boot.ts';
export { armTrial, checkTries, condemn, markGood } from './boot/transitions.ts';
export { cancelled } from './errors/cancelled.ts';
export { errnoOf } from './errors/errno-of.ts';
export { ExitCode } from './errors/exit-codes.ts';
export { type Detail, type ErrorInfo, MicroLinuxError } from './errors/micro-linux-error.ts';
export { errorToObject, renderError, renderErrorJson, toMicroLinuxError } from './errors/render.ts';
export { explainSystemError, limitHint, reasonOf } from './errors/system-error.ts';
export {
  BOOT_PROGRAM_FOLDER,
  BOOT_PROGRAMS,
  type BootProgram,
} from './layout/boot-programs.ts';
export { EnvVariable, slotOkVariable } from './layout/env-variables.ts';
export {
  GIB,
  MIB,
  PARTITIONS,
  type PartitionName,
  type PartitionSpec,
  partitionSpec,
  SECTOR_BYTES,
  slotPartition,
} from './layout/partitions.ts';
export { DevicePath, EspPath, SlotPath } from './layout/paths.ts';
export { isSlot, otherSlot, SLOTS, type Slot } from './layout/slots.ts';
export {
  createReporter,
  type ReporterOptions,
  type ReporterStreams,
} from './reporter/create-reporter.ts';
export type { Progress, Reporter, StepReporter } from './reporter/reporter.ts';
export { readProcess } from './run/process-tree.ts';
export { type Runner, type RunOptions, type RunResult, run, toolMissing } from './run/run.ts';
export {
  type GroupRunner,
  type GroupRunOptions,
  type GroupRunResult,
  runGroup,
} from './run/run-group.ts';
export { commandLine, shellQuote } from './run/shell-quote.ts';
export {
  type ProgramExit,
  type RunningProgram,
  type Starter,
  type StartOptions,
  start,
} from './run/start.ts';
export { killDescendants } from './run/stop-tree.ts';
export { firstIssue } from './text/first-issue.ts';
export {
  bounded,
  MESSAGE_CHARACTERS,
  printableJson,
  printableLine,
  printableResult,
  printableText,
} from './text/printable.ts';
