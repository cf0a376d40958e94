import { commandLine, MicroLinuxError, type Runner, type RunOptions } from '@micro-linux/core';

/** A command that sets up the host. `--dry-run` prints it exactly as it is run. */
export interface SetupCommand {
  readonly argv: readonly [string, ...string[]];
  /** Whether it changes the system and so needs sudo, unless run by root. */
  readonly asRoot?: boolean;
  readonly cwd?: string;
  /** Text for its standard input. */
  readonly input?: string;
  /** The command failed if it does not print this text; `otherwise` says what that means. */
  readonly mustPrint?: { readonly text: string; readonly otherwise: string };
  /** Run instead if it fails. */
  readonly fallback?: SetupCommand;
}

/** Commands that together fix one thing. */
export interface SetupStep {
  readonly title: string;
  readonly commands: readonly SetupCommand[];
}

/** A command as a shell line. */
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

/**
 * Milliseconds before a cancelled command is killed. Long, because a half-installed package is
 * worse.
 */
const GRACE_MS = 45_000;

/** Runs a command, and its fallback if that fails. */
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
      // sudo may ask for the password again, and dpkg must stop cleanly.
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
