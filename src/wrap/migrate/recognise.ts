import type { Migration, MigrationContext, Recogniser } from './migration.ts';
import { quitWords } from './migration.ts';
import { dockerize, waitFor, waitForIt } from './port-waiters.ts';
import { migrateScript } from './shell-script.ts';
import { envoyPreflight, kubexit, linkerdAwait, scuttle } from './wrappers.ts';

const recognisers: Readonly<Record<string, Recogniser>> = {
  scuttle,
  'envoy-preflight': envoyPreflight,
  'linkerd-await': linkerdAwait,
  kubexit,
  'wait-for-it': waitForIt,
  'wait-for-it.sh': waitForIt,
  'wait-for': waitFor,
  'wait-for.sh': waitFor,
  dockerize,
};

const shells: readonly string[] = ['sh', 'ash', 'bash', 'dash'];
/** They become PID 1 and start what follows their options. */
const inits: readonly string[] = ['tini', 'dumb-init', 'catatonit'];

/**
 * What a start becomes that waits for a sidecar in another way than by mesh-shim; undefined where it does not. `words` is the whole
 * command line.
 */
export function recogniseMigration(words: readonly string[], context: MigrationContext, at = 0): Migration | undefined {
  const program = fileName(words[at]);
  const own = Object.hasOwn(recognisers, program) ? recognisers[program] : undefined;
  const migration = own?.(words, at, context) ?? (shells.includes(program) ? shell(words, at, context) : undefined);
  if (migration !== undefined)
    return 'told' in migration ? migration : { ...migration, head: [...words.slice(0, at), ...migration.head] };
  if (!inits.includes(program)) return undefined;
  let next = at + 1;
  while (words[next]?.startsWith('-') && words[next] !== '--') next += 1;
  return recogniseMigration(words, context, words[next] === '--' ? next + 1 : next);
}

function fileName(path = ''): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function shell(words: readonly string[], at: number, context: MigrationContext): Migration | undefined {
  const option = words.findIndex((word, index) => index > at && /^-[a-z]*c$/.test(word));
  const script = words[option + 1];
  if (option === -1 || script === undefined) return undefined;
  const operands = words.slice(option + 2);
  const tool = 'shell loop';
  const inner = plainWords(script);
  if (inner !== undefined && operands.length === 0) {
    const within = recogniseMigration(inner, context);
    if (within === undefined || 'told' in within) return within;
    return { ...within, head: [...within.head, ...inner.slice(within.rest)], rest: words.length };
  }
  const migrated = migrateScript(script);
  if (migrated === undefined) return undefined;
  if ('told' in migrated) return { tool, told: migrated.told };
  const quit = migrated.quit === undefined ? quitWords(context) : ['--quit', migrated.quit];
  const own = [context.shim, ...migrated.options, ...quit, '--'];
  const plain = operands.length === 0 ? plainWords(migrated.script) : undefined;
  if (plain !== undefined) return { tool, head: [...own, ...plain], rest: words.length };
  return { tool, head: [...own, ...words.slice(at, option + 1), migrated.script], rest: option + 2 };
}

/** What a shell does itself: it is no program that could be started without one. */
const builtins: ReadonlySet<string> = new Set(
  ': . alias break cd command continue eval exec exit export read readonly return set shift source trap ulimit umask unset wait'.split(
    ' ',
  ),
);

/** The words of a script that is one plain command, without anything that a shell would have to expand. */
function plainWords(script: string): readonly string[] | undefined {
  const text = script.trim().replace(/^exec\s+/, '');
  if (!/^[\w./:@%+,-][\w./:=@%+,-]*(?:[ \t]+[\w./:=@%+,-]+)*$/.test(text)) return undefined;
  const words = text.split(/[ \t]+/);
  const [first = ''] = words;
  return builtins.has(first) || first.includes('=') ? undefined : words;
}
