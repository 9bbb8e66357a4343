import type { CompletedCommand, Offer } from './completed-commands.ts';

/** For bash 4 and later, without the package bash-completion. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = [...commands.map(({ name }) => name), 'help', 'version'].join(' ');
  return `# Completion of mesh-shim for bash.
_mesh_shim() {
  local word=\${COMP_WORDS[COMP_CWORD]} before= command=run position words=
  # An = stands as a word of its own: --flag = value.
  if [[ $word == '=' ]]; then word= before=\${COMP_WORDS[COMP_CWORD-1]}
  elif [[ \${COMP_WORDS[COMP_CWORD-1]} == '=' ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}
  else before=\${COMP_WORDS[COMP_CWORD-1]}; fi
  COMPREPLY=()
  if ((COMP_CWORD == 1)) && [[ $word != -* ]]; then
    COMPREPLY=($(compgen -W '${names}' -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in ${commands.map(({ name }) => name).join('|')}) command=\${COMP_WORDS[1]} ;; esac
  if [[ \${COMP_WORDS[1]} == help ]]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$word"))
    return
  fi
  for ((position = 1; position < COMP_CWORD; position++)); do
    [[ \${COMP_WORDS[position]} == -- ]] || continue
    if ((position == COMP_CWORD - 1)); then COMPREPLY=($(compgen -c -- "$word"))
    else COMPREPLY=($(compgen -f -- "$word")); fi
    return
  done
  case $command in
${commands.map(commandCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o filenames -F _mesh_shim mesh-shim
`;
}

function commandCase({ name, options, operands }: CompletedCommand): string {
  const flags = options.flatMap(({ flag, short }) => (short === undefined ? [flag] : [flag, short]));
  const values = options.flatMap(({ flag, short, value }) =>
    value === undefined
      ? []
      : [`        ${short === undefined ? flag : `${flag}|${short}`}) ${reply(value)}; return ;;`],
  );
  const other = Array.isArray(operands) ? [`      if [[ $word != -* ]]; then words='${operands.join(' ')}'; fi`] : [];
  const files =
    typeof operands === 'string' && operands !== 'nothing'
      ? [`      if [[ $word != -* ]]; then ${reply(operands)}; return; fi`]
      : [];
  return [
    `    ${name})`,
    ...(values.length > 0 ? ['      case $before in', ...values, '      esac'] : []),
    `      words='${flags.join(' ')}'`,
    ...other,
    ...files,
    '      ;;',
  ].join('\n');
}

function reply(offer: Offer): string {
  if (offer === 'nothing') return ':';
  if (offer === 'files') return 'COMPREPLY=($(compgen -f -- "$word"))';
  if (offer === 'folders') return 'COMPREPLY=($(compgen -d -- "$word"))';
  if (offer === 'commands') return 'COMPREPLY=($(compgen -c -- "$word"))';
  return `COMPREPLY=($(compgen -W '${offer.join(' ')}' -- "$word"))`;
}
