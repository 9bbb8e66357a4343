import type { CompletedCommand, Offer } from './completed-commands.ts';

/** For fish 3 and later. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  const lines = [
    '# Completion of mesh-shim for fish.',
    'complete -c mesh-shim -f',
    ...[...commands, ...extra].map(
      ({ name, text }) => `complete -c mesh-shim -n __fish_use_subcommand -a ${name} -d ${quoted(text)}`,
    ),
    `complete -c mesh-shim -n '__fish_seen_subcommand_from help' -a ${quoted(names.join(' '))}`,
  ];
  const options = commands.flatMap(({ name, options: own, operands }) => {
    // Without a command, run is meant.
    const here =
      name === 'run'
        ? `not __fish_seen_subcommand_from ${names.filter((other) => other !== 'run').join(' ')} help`
        : `__fish_seen_subcommand_from ${name}`;
    const flags = own.map(({ flag, short, value, text }) =>
      [
        `complete -c mesh-shim -n ${quoted(here)} -l ${flag.slice(2)}`,
        ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
        ...(value === undefined ? [] : [`-r ${offered(value)}`.trimEnd()]),
        `-d ${quoted(text)}`,
      ].join(' '),
    );
    const words = offered(operands);
    return operands === 'nothing' ? flags : [...flags, `complete -c mesh-shim -n ${quoted(here)} ${words}`];
  });
  return `${[...lines, ...options].join('\n')}\n`;
}

const extra = [
  { name: 'help', text: 'tell what a command takes' },
  { name: 'version', text: 'print the version' },
];

function offered(offer: Offer): string {
  if (offer === 'files') return '-F';
  if (offer === 'folders') return "-a '(__fish_complete_directories)'";
  if (offer === 'commands') return "-a '(__fish_complete_subcommand)'";
  return offer === 'nothing' ? '' : `-a ${quoted(offer.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
