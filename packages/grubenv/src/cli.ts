import { readBlockFile, updateBlockFile } from './block-file.ts';
import { fromUtf8 } from './byte-string.ts';
import { HELP, VERSION_LINE } from './cli/help.ts';
import { listAsBytes, listAsJson } from './cli/list.ts';
import { type Command, parseArgv } from './cli/parse-argv.ts';
import { errorAsJson, exitCodeFor, renderError } from './cli/render-error.ts';
import { createBlockFile } from './create-file.ts';
import { setVariable, unsetVariable } from './edit.ts';

/** Where the program writes; `process` can be used. */
export interface CliStreams {
  readonly stdout: { write(chunk: string | Uint8Array): unknown };
  readonly stderr: { write(chunk: string): unknown };
}

/**
 * The whole `grubenv` program, except for the process itself.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code: 0 done, 1 failed, 2 wrong arguments
 */
export function runCli(argv: readonly string[], streams: CliStreams): number {
  try {
    execute(parseArgv(argv), streams);
    return 0;
  } catch (error) {
    streams.stderr.write(renderError(error));
    // --json is parsed here because the other arguments may be invalid.
    if (argv.includes('--json')) {
      streams.stdout.write(errorAsJson(error));
    }
    return exitCodeFor(error);
  }
}

function execute(command: Command, { stdout }: CliStreams): void {
  switch (command.verb) {
    case 'help':
      stdout.write(HELP);
      return;
    case 'version':
      stdout.write(VERSION_LINE);
      return;
    case 'create':
      createBlockFile(command.file);
      return;
    case 'list': {
      const block = readBlockFile(command.file);
      stdout.write(command.json ? listAsJson(block) : listAsBytes(block));
      return;
    }
    case 'set':
      updateBlockFile(command.file, (block) =>
        command.pairs.reduce(
          (edited, [name, value]) => setVariable(edited, fromUtf8(name), fromUtf8(value)),
          block,
        ),
      );
      return;
    case 'unset':
      updateBlockFile(command.file, (block) =>
        command.names.reduce((edited, name) => unsetVariable(edited, fromUtf8(name)), block),
      );
      return;
  }
}
