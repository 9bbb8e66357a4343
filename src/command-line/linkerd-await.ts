import { UsageError } from './usage-error.ts';

interface Translation {
  /** What it becomes here. */
  readonly to: (value: string) => readonly string[];
  readonly takesValue?: true;
}

const duration = (text: string): string => (text.endsWith('d') ? `${Number(text.slice(0, -1)) * 24}h` : text);

/** The options of linkerd-await (0.2.7 and 0.3), under whose name mesh-shim can stand, with what each becomes. */
const linkerdAwaitOptions: Readonly<Record<string, Translation>> = {
  '--shutdown': { to: () => ['--quit', 'always'] },
  '--port': {
    takesValue: true,
    to: (port) => [
      ...['--ready-url', `http://localhost:${port}/ready`],
      ...['--quit-url', `linkerd=http://localhost:${port}/shutdown`],
    ],
  },
  // It goes on asking at the rhythm of mesh-shim, which costs less and is never late.
  '--backoff': { takesValue: true, to: () => [] },
  '--timeout': { takesValue: true, to: (text) => ['--timeout', duration(text)] },
  '--verbose': { to: () => ['--log-level', 'debug'] },
};

const shortNames: Readonly<Record<string, string>> = {
  '-S': '--shutdown',
  '-p': '--port',
  '-b': '--backoff',
  '-t': '--timeout',
  '-v': '--verbose',
};

/** The words of linkerd-await as those of mesh-shim. Without its --timeout it waits without limit. Throws UsageError. */
export function translateLinkerdAwait(args: readonly string[]): string[] {
  const translated = ['--mesh', 'linkerd', '--timeout', '0'];
  let position = 0;
  for (; position < args.length; position++) {
    const word = args[position] as string;
    if (word === '--' || !word.startsWith('-')) break;
    const equals = word.indexOf('=');
    const given = equals < 0 ? word : word.slice(0, equals);
    const option = linkerdAwaitOptions[shortNames[given] ?? given];
    if (!option) {
      translated.push(word);
      continue;
    }
    let value = equals < 0 ? '' : word.slice(equals + 1);
    if (option.takesValue && equals < 0) {
      position++;
      value = args[position] ?? '';
    }
    if (option.takesValue && value === '') throw new UsageError(`${given} needs a value`);
    translated.push(...option.to(value));
  }
  return [...translated, ...args.slice(position)];
}
