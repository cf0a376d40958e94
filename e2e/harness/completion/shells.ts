import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';

/** Asks a shell what it offers at the end of each line, in the current folder. */
export type AskShell = (request: {
  /** What `completion SHELL` printed. */
  readonly script: string;
  readonly lines: readonly string[];
  readonly cwd: string;
  /** For files of the shell. */
  readonly scratch: string;
}) => Promise<ReadonlyMap<string, readonly string[]>>;

/** Calls the function that bash would call, with the words that it would pass. */
const BASH = `
source "$1"
while IFS= read -r line; do
  read -ra COMP_WORDS <<<"\${line//=/ = }"
  [[ $line == *[\\ =] ]] && COMP_WORDS+=('')
  # After = there is no word of its own yet.
  [[ $line == *= ]] && unset 'COMP_WORDS[-1]'
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=\${#line}
  function=$(complete -p "\${COMP_WORDS[0]}")
  function=\${function#*-F } function=\${function%% *}
  COMPREPLY=()
  "$function" "\${COMP_WORDS[0]}" "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
  printf '%s' "$line"
  for reply in "\${COMPREPLY[@]}"; do printf '\\t%s' "$reply"; done
  printf '\\n'
done <"$2"
`;

/** Replaces the function that all completions end in, and asks for one after the other at the first prompt. */
const ZSH = `
autoload -Uz compinit
compinit -u -D
source "$COMPLETION"
compadd() {
  # One that only fills arrays.
  if [[ \${@[1,(i)(-|--)]} == *-(A|O|D)\\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a now
  builtin compadd -A now "$@"
  hits+=("\${now[@]}")
  builtin compadd "$@"
}
offer-silently() {
  _main_complete "$@"
  compstate[list]='' compstate[insert]=''
}
zle -C offer list-choices offer-silently
all-cases() {
  local line
  while IFS= read -r line; do
    hits=()
    BUFFER=$line CURSOR=$#line
    zle offer
    print -r -- "$line"\${hits:+$'\\t'}\${(pj:\\t:)hits} >>"$ANSWERS"
  done <"$CASES"
  exit
}
zle -N zle-line-init all-cases
`;

const FISH = `
source $argv[1]
while read -l line
    set -l hits
    for hit in (complete -C $line)
        set -a hits (string split -f 1 \\t -- $hit)
    end
    string join \\t -- $line $hits
end <$argv[2]
`;

export const SHELL_DRIVERS: Readonly<Record<'bash' | 'zsh' | 'fish', AskShell>> = {
  async bash(request) {
    const { script, cases } = await files(request);
    const { stdout, stderr } = await run('bash', ['-c', BASH, 'bash', script, cases], {
      cwd: request.cwd,
    });
    return answersIn(stdout, stderr);
  },
  async zsh(request) {
    const { script, cases, folder } = await files(request);
    const answers = join(folder, 'answers');
    await writeFile(join(folder, '.zshrc'), ZSH);
    // A line editor needs a terminal.
    await run('script', ['-qec', 'zsh -i', '/dev/null'], {
      cwd: request.cwd,
      env: { ZDOTDIR: folder, COMPLETION: script, CASES: cases, ANSWERS: answers, TERM: 'xterm' },
    });
    return answersIn(await readFile(answers, 'utf8'), '');
  },
  async fish(request) {
    const { script, cases, folder } = await files(request);
    const { stdout, stderr } = await run('fish', ['-N', '-c', FISH, script, cases], {
      cwd: request.cwd,
      env: { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
    });
    return answersIn(stdout, stderr);
  },
};

async function files({ script, lines, scratch }: Parameters<AskShell>[0]) {
  const folder = join(scratch, 'shell');
  await mkdir(folder, { recursive: true });
  const paths = { folder, script: join(folder, 'completion'), cases: join(folder, 'cases') };
  await writeFile(paths.script, `${script}\n`);
  await writeFile(paths.cases, `${lines.join('\n')}\n`);
  return paths;
}

function answersIn(stdout: string, stderr: string): ReadonlyMap<string, readonly string[]> {
  if (stderr !== '') {
    throw new Error(stderr);
  }
  return new Map(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [asked = '', ...offers] = line.split('\t');
        return [asked, offers];
      }),
  );
}
