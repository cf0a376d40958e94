import manifest from '../../package.json' with { type: 'json' };

export const VERSION_LINE = `grubenv ${manifest.version}\n`;

export const HELP = `Usage: grubenv FILE create
       grubenv FILE list [--json]
       grubenv FILE set NAME=VALUE...
       grubenv FILE unset NAME...

Reads and edits a GRUB environment block, a file of 1024 bytes.

  create         make FILE with a blank block; never replaces a file
  list           print the variables, NAME=VALUE, one per line
  set            set variables; all of them or, on an error, none
  unset          remove variables; one that is not set is no error

Options:
      --json     list: one JSON object on stdout
  -h, --help     print this
  -V, --version  print the version

Exit codes: 0 done, 1 failed, 2 wrong arguments.
`;
