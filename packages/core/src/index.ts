export { ExitCode } from "./errors/exit-codes.ts";
export { type ErrorInfo, MicroLinuxError } from "./errors/micro-linux-error.ts";
export { errorToObject, renderError, toMicroLinuxError } from "./errors/render.ts";
export { EnvVariable, slotOkVariable } from "./layout/env-variables.ts";
export {
  GIB,
  MIB,
  PARTITIONS,
  type PartitionName,
  type PartitionSpec,
  partitionSpec,
  SECTOR_BYTES,
  slotPartition,
} from "./layout/partitions.ts";
export { DevicePath, EspPath, SlotPath } from "./layout/paths.ts";
export { isSlot, otherSlot, SLOTS, type Slot } from "./layout/slots.ts";
export {
  createReporter,
  type ReporterOptions,
  type ReporterStreams,
} from "./reporter/create-reporter.ts";
export type { Progress, Reporter, StepReporter } from "./reporter/reporter.ts";
export { type Runner, type RunOptions, type RunResult, run, toolMissing } from "./run/run.ts";
export { commandLine, shellQuote } from "./run/shell-quote.ts";
