import { shellInvocation } from '../../check/model/shell-invocation.ts';
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
  const invocation = shellInvocation(words.slice(at + 1));
  if (invocation === undefined) return undefined;
  const scriptAt = at + 1 + invocation.scriptAt;
  const script = words[scriptAt] ?? '';
  const operands = words.slice(scriptAt + 1);
  const shellWords = words.slice(at, scriptAt);
  // A profile may set the PATH on which the app is found: its shell stays.
  const isNeedless = invocation.readsNoFiles && !context.env.has('BASH_ENV');
  const tool = 'shell loop';
  const inner = plainWords(script);
  if (inner !== undefined && operands.length === 0) {
    const within = recogniseMigration(inner, context);
    if (within === undefined || 'told' in within) return within;
    const app = inner.slice(within.rest);
    const start = isNeedless ? app : [...shellWords, ['exec', ...app].join(' ')];
    return { ...within, head: [...within.head, ...start], rest: words.length };
  }
  const migrated = migrateScript(script);
  if (migrated === undefined) return undefined;
  if ('told' in migrated) return { tool, told: migrated.told };
  const quit = migrated.quit === undefined ? quitWords(context) : ['--quit', migrated.quit];
  const own = [context.shim, ...migrated.options, ...quit, '--'];
  const plain = operands.length === 0 && isNeedless ? plainWords(migrated.script) : undefined;
  if (plain !== undefined) return { tool, head: [...own, ...plain], rest: words.length };
  return { tool, head: [...own, ...shellWords, migrated.script], rest: scriptAt + 1 };
}

/** What shells do themselves: without one there may be no such program, or one that does something else. */
const builtins: ReadonlySet<string> = new Set(
  [
    ': . alias bg break builtin cd command continue coproc declare dirs disown echo enable eval exec exit export false',
    'fg getopts hash jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift',
    'shopt source suspend test time times trap true type typeset ulimit umask unalias unset wait',
  ].flatMap((line) => line.split(' ')),
);

/** The words of a script that is one plain command, without anything that a shell would have to expand. */
function plainWords(script: string): readonly string[] | undefined {
  const text = script.trim().replace(/^exec\s+/, '');
  if (!/^[\w./:@%+,][\w./:=@%+,-]*(?:[ \t]+[\w./:=@%+,-]+)*$/.test(text)) return undefined;
  const words = text.split(/[ \t]+/);
  const [first = ''] = words;
  return builtins.has(first) || first.includes('=') ? undefined : words;
}
