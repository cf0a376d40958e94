import { AsyncLocalStorage } from 'node:async_hooks';
import { basename } from 'node:path';

/** Gets each line that `--verbose` shows; it may contain control characters. */
export type Trace = (line: string) => void;

/** Follows one command. */
export interface CommandTrace {
  /** A line of its output, without secrets. */
  line(text: string): void;
  /** The command has ended. */
  end(): void;
}

const traces = new AsyncLocalStorage<Trace>();

/** Shows every command that runs during `work`. */
export function traceCommands<Result>(trace: Trace, work: () => Promise<Result>): Promise<Result> {
  return traces.run(trace, work);
}

/**
 * Shows that a command starts; undefined if nobody looks.
 *
 * @param command undefined: it may contain a secret.
 */
export function traceCommand(file: string, command: string | undefined): CommandTrace | undefined {
  const trace = traces.getStore();
  if (!trace) {
    return undefined;
  }
  const startedAt = performance.now();
  trace(command === undefined ? `$ ${file} (arguments not shown)` : `$ ${command}`);
  return {
    line: (text) => trace(`  ${text}`),
    // With its name: several commands may run at the same time.
    end: () =>
      trace(`# ${basename(file)}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`),
  };
}
