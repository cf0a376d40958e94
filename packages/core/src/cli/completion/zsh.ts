import type { CommandTable, FlagEntry } from '../command-table.ts';
import { argumentCases, functionName, indented, quoted, valueCases } from './places.ts';

/** A script that completes a program's command lines in zsh, with descriptions. */
export function zshCompletion(table: CommandTable): string {
  const name = functionName(table.program);
  const verbs = table.verbs.map(({ name: verb, description }) => described(verb, description));
  const flagCases = table.verbs.map(
    (verb) => `    ${verb.name}) flags=(\n${flagLines(verb.flags)}\n    ) ;;`,
  );
  return `#compdef ${table.program}
# Completion of ${table.program} for zsh. Made by: ${table.program} completion zsh
${name}_value() {
  takes='' answer=nothing
  case "$verb $1" in
${indented(valueCases(table))}
  esac
}

${name}() {
  local word verb='' flag='' many='' ended='' takes answer
  local -i position=0
  local -a flags verbs choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -z $verb ]]; then
      [[ $word == -* ]] || verb=$word
    elif [[ -n $flag ]]; then
      flag=''
    elif [[ -n $ended ]]; then
      (( ++position ))
    elif [[ $word == -- ]]; then
      ended=1 many=''
    elif [[ $word == -* ]]; then
      many=''
      ${name}_value "$word"
      case $takes in
        one) flag=$word ;;
        many) many=$word ;;
      esac
    elif [[ -z $many ]]; then
      (( ++position ))
    fi
  done

  if [[ -z $flag && -z $ended && -n $verb && $PREFIX == --*=* ]]; then
    flag=\${PREFIX%%=*}
    compset -P '--[^=]#='
  fi
  if [[ -n $flag ]]; then
    ${name}_value "$flag"
  elif [[ -z $verb && $PREFIX == -* ]]; then
    flags=(
${flagLines(table.flags)}
    )
    _describe -o 'option' flags
    return
  elif [[ -z $verb ]]; then
    verbs=(
${verbs.map((verb) => `      ${verb}`).join('\n')}
    )
    _describe 'command' verbs
    return
  elif [[ $PREFIX == -* && -z $ended ]]; then
    case $verb in
${flagCases.join('\n')}
    esac
    _describe -o 'option' flags
    return
  elif [[ -n $many ]]; then
    ${name}_value "$many"
  else
    answer=nothing
    case "$verb $position" in
${indented(argumentCases(table))}
    esac
  fi

  case $answer in
    words\\ *)
      choices=(\${(s: :)answer#* })
      compadd -a choices
      ;;
    list\\ *)
      choices=(\${(s: :)answer#* })
      compset -P '*,'
      compadd -S '' -a choices
      ;;
    file) _files ;;
    directory) _files -/ ;;
    *) return 1 ;;
  esac
}

if [[ $funcstack[1] == _${table.program} || $funcstack[1] == ${name} ]]; then
  # Loaded as a function from a folder of $fpath.
  ${name} "$@"
else
  compdef ${name} ${table.program}
fi`;
}

function flagLines(flags: readonly FlagEntry[]): string {
  return flags
    .flatMap(({ names, description }) => names.map((name) => described(name, description)))
    .map((line) => `      ${line}`)
    .join('\n');
}

/** A word and what it means, for `_describe`. */
function described(word: string, description: string): string {
  return quoted(`${word}:${description}`);
}
