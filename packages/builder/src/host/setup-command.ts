import { commandLine, MicroLinuxError, type Runner, type RunOptions } from '@micro-linux/core';

/** One outside command of setting up a host: shown by `--dry-run` just as it will be run. */
export interface SetupCommand {
  readonly argv: readonly [string, ...string[]];
  /** Whether it changes the system, and so goes through sudo for all but root. */
  readonly asRoot?: boolean;
  readonly cwd?: string;
  /** Written to its standard input. */
  readonly input?: string;
  /** It has failed unless it prints this text; `otherwise` says what that would mean. */
  readonly mustPrint?: { readonly text: string; readonly otherwise: string };
  /** Run in its place when it fails. */
  readonly fallback?: SetupCommand;
}

/** A few commands that together fix one thing. */
export interface SetupStep {
  readonly title: string;
  readonly commands: readonly SetupCommand[];
}

/** A command as one line for a shell. */
export function renderCommand(command: SetupCommand, uid: number): string {
  const [file, ...args] = withSudo(command, uid);
  let line = commandLine(file, args);
  if (command.input !== undefined) {
    line = `${commandLine('printf', ['%s', command.input])} | ${line}`;
  }
  if (command.mustPrint) {
    line = `${line} | ${commandLine('grep', ['-F', command.mustPrint.text])}`;
  }
  if (command.cwd !== undefined) {
    line = `(${commandLine('cd', [command.cwd])} && ${line})`;
  }
  return command.fallback ? `${line} || ${renderCommand(command.fallback, uid)}` : line;
}

/** Milliseconds that a cancelled command has before it is killed: half of a package is worse. */
const GRACE_MS = 45_000;

/** Runs a command, or else its fallback. */
export async function runCommand(
  command: SetupCommand,
  uid: number,
  run: Runner,
  options: RunOptions,
): Promise<void> {
  try {
    const [file, ...args] = withSudo(command, uid);
    const { stdout } = await run(file, args, {
      ...options,
      // sudo may ask for the password again; dpkg must come to a clean stop.
      sharesTerminal: file === 'sudo',
      graceMs: GRACE_MS,
      ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
      ...(command.input === undefined ? {} : { input: command.input }),
    });
    if (command.mustPrint && !stdout.includes(command.mustPrint.text)) {
      throw new MicroLinuxError({
        code: 'setup-check-failed',
        message: command.mustPrint.otherwise,
        why: `command: ${commandLine(file, args)}\nits output lacks ${command.mustPrint.text}`,
      });
    }
  } catch (error) {
    if (command.fallback === undefined || options.signal?.aborted) {
      throw error;
    }
    await runCommand(command.fallback, uid, run, options);
  }
}

function withSudo(command: SetupCommand, uid: number): readonly [string, ...string[]] {
  return command.asRoot && uid !== 0 ? ['sudo', ...command.argv] : command.argv;
}
