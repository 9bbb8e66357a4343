import type { CompletedCommand, CompletedOption, Offer } from './completed-commands.ts';

/** For zsh 5 and later; works sourced, and as a file _mesh-shim on fpath. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const described = [
    ...commands.map(({ name, text }) => describedWord(name, text)),
    "'help:tell what a command takes'",
    "'version:print the version'",
  ];
  return `#compdef mesh-shim
# Completion of mesh-shim for zsh.
_mesh-shim() {
  local command=run
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    local -a commands=(
${described.map((line) => `      ${line}`).join('\n')}
    )
    _describe command commands
    return
  fi
  case $words[2] in
    help) shift words; (( CURRENT-- )); _arguments '1:command:(${commands.map(({ name }) => name).join(' ')})'; return ;;
    ${commands.map(({ name }) => name).join('|')}) command=$words[2]; shift words; (( CURRENT-- )) ;;
  esac
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _mesh-shim ]]; then _mesh-shim "$@"; else compdef _mesh-shim mesh-shim; fi
`;
}

function commandCase({ name, options, operands }: CompletedCommand): string {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...(name === 'run' ? ["'(-)*::command:_normal -p mesh-shim'"] : []),
    ...operandSpecs(operands),
  ];
  return [
    `    ${name})`,
    '      _arguments -S \\',
    ...specs.map((spec, index) => `        ${spec}${index < specs.length - 1 ? ' \\' : ''}`),
    '      ;;',
  ].join('\n');
}

function optionSpecs({ flag, short, value, text }: CompletedOption): string[] {
  const note = text.replaceAll('[', '(').replaceAll(']', ')').replaceAll("'", "'\\''");
  const action = value === undefined ? '' : `:value:${actionOf(value)}`;
  const one = (word: string) =>
    `'${word}${value === undefined || !word.startsWith('--') ? '' : '='}[${note}]${action}'`;
  return short === undefined ? [one(flag)] : [one(flag), one(short)];
}

function operandSpecs(operands: Offer): string[] {
  return operands === 'nothing' ? [] : [`'*:operand:${actionOf(operands)}'`];
}

function actionOf(offer: Offer): string {
  if (offer === 'files') return '_files';
  if (offer === 'folders') return '_files -/';
  if (offer === 'commands') return '_command_names -e';
  return offer === 'nothing' ? ' ' : `(${offer.join(' ')})`;
}

function describedWord(name: string, text: string): string {
  return `'${name}:${text.replaceAll(':', '\\:').replaceAll("'", "'\\''")}'`;
}
