import type { CommandTable } from '../command-table.ts';
import { argumentCases, functionName, indented, quoted, valueCases } from './places.ts';

/** A script that completes a program's command lines in bash 4 or later. */
export function bashCompletion(table: CommandTable): string {
  const name = functionName(table.program);
  const verbs = table.verbs.map((verb) => verb.name).join(' ');
  const flagCases = table.verbs.map(
    (verb) =>
      `    ${verb.name}) flags=${quoted(verb.flags.flatMap(({ names }) => names).join(' '))} ;;`,
  );
  return `# Completion of ${table.program} for bash. Made by: ${table.program} completion bash
${name}_value() {
  takes='' answer=nothing
  case "$verb $1" in
${indented(valueCases(table))}
  esac
}

${name}() {
  local IFS=$' \\t\\n' word verb='' flag='' many='' ended='' position=0 glued='' takes answer flags
  local -a words=()
  COMPREPLY=()
  # bash makes words of their own of = and :, the program does not.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $word == [=:] && \${#words[@]} -gt 0 ]]; then
      words[-1]+=$word glued=1
    elif [[ $glued ]]; then
      words[-1]+=$word glued=''
    else
      words+=("$word")
    fi
  done
  local current=\${words[-1]-}
  unset 'words[-1]'
  for word in "\${words[@]}"; do
    if [[ ! $verb ]]; then
      [[ $word == -* ]] || verb=$word
    elif [[ $flag ]]; then
      flag=''
    elif [[ $ended ]]; then
      ((++position))
    elif [[ $word == -- ]]; then
      ended=1 many=''
    elif [[ $word == -* ]]; then
      many=''
      ${name}_value "$word"
      case $takes in
        one) flag=$word ;;
        many) many=$word ;;
      esac
    elif [[ ! $many ]]; then
      ((++position))
    fi
  done

  local before=''
  if [[ ! $flag && ! $ended && $verb && $current == --*=* ]]; then
    flag=\${current%%=*} before=\${current%%=*}=
    current=\${current#*=}
    # Where = separates words, bash completes only what follows it.
    [[ $COMP_WORDBREAKS == *=* ]] && before=''
  fi
  if [[ $flag ]]; then
    ${name}_value "$flag"
  elif [[ ! $verb ]]; then
    answer=${quoted(`words ${verbs}`)}
    [[ $current == -* ]] && answer=${quoted(`words ${table.flags.flatMap(({ names }) => names).join(' ')}`)}
  elif [[ $current == -* && ! $ended ]]; then
    case $verb in
${flagCases.join('\n')}
    esac
    answer="words $flags"
  elif [[ $many ]]; then
    ${name}_value "$many"
  else
    answer=nothing
    case "$verb $position" in
${indented(argumentCases(table))}
    esac
  fi

  case $answer in
    words\\ *)
      mapfile -t COMPREPLY < <(compgen -P "$before" -W "\${answer#* }" -- "$current")
      ;;
    list\\ *)
      word=\${current##*,}
      mapfile -t COMPREPLY < <(
        compgen -P "$before\${current%"$word"}" -W "\${answer#* }" -- "$word"
      )
      compopt -o nospace 2>/dev/null
      ;;
    file | directory)
      if [[ $current == *[\\"\\'\\\\~\\$]* ]]; then
        # Readline itself knows what is quoted.
        [[ $answer == file ]] && compopt -o default || compopt -o dirnames
      else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -P "$before" -A "$answer" -- "$current")
      fi
      ;;
  esac
}

complete -F ${name} ${table.program}`;
}
