import { parseCommandLine } from '../../command-line/command-line.ts';
import { translateLinkerdAwait } from '../../command-line/linkerd-await.ts';
import { hasScuttleVariables } from '../../command-line/scuttle-variables.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { quitWords, type Recogniser } from './migration.ts';

/**
 * scuttle APP, whose variables mesh-shim reads itself (github.com/kvij/scuttle, README). Without ENVOY_ADMIN_API it neither waits nor
 * quits: a command line, which goes before the variables, says that mesh-shim does.
 */
export const scuttle: Recogniser = (words, at, context) => {
  const tool = 'scuttle';
  if (words[at + 1] === undefined) return { tool, told: 'scuttle has no command to start' };
  const isOn = (context.env.get('ENVOY_ADMIN_API') ?? '').trim() !== '';
  if (isOn) return { tool, head: [context.shim, '--'], rest: at + 1 };
  const mesh = hasScuttleVariables(context.env) ? ['--mesh', 'auto'] : [];
  return {
    tool,
    head: [context.shim, ...mesh, ...quitWords(context), '--'],
    rest: at + 1,
    note: 'scuttle did nothing: ENVOY_ADMIN_API is not known to be set',
  };
};

/** The program that scuttle was made of: its two variables are among scuttle's (github.com/monzo/envoy-preflight, README). */
export const envoyPreflight: Recogniser = (words, at, context) => {
  const migration = scuttle(words, at, context);
  if (migration === undefined || 'told' in migration)
    return { tool: 'envoy-preflight', told: 'it has no command to start' };
  return { ...migration, tool: 'envoy-preflight', note: migration.note?.replace('scuttle', 'envoy-preflight') };
};

/** linkerd-await [OPTIONS] [--] APP, by the same translation as under its own name. */
export const linkerdAwait: Recogniser = (words, at, { shim }) => {
  const tool = 'linkerd-await';
  try {
    const translated = translateLinkerdAwait(words.slice(at + 1));
    const line = parseCommandLine(translated, { bareCommand: true });
    if (line.kind !== 'command') return { tool, told: 'it prints its help or its version' };
    const own = translated.slice(0, translated.length - line.app.length);
    const options = own.at(-1) === '--' ? own.slice(0, -1) : own;
    return { tool, head: [shim, ...options, '--'], rest: words.length - line.app.length };
  } catch (error) {
    if (error instanceof UsageError) return { tool, told: error.message };
    throw error;
  }
};

const proxies: readonly string[] = ['istio-proxy', 'linkerd-proxy'];

/**
 * kubexit APP: equal where all that it waits for is the sidecar. Its tombstones tell other containers of the pod when one is born or
 * dead, which mesh-shim does not do (github.com/karlkfi/kubexit, README).
 */
export const kubexit: Recogniser = (words, at, context) => {
  const tool = 'kubexit';
  const names = (variable: string) =>
    (context.env.get(variable) ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  const births = names('KUBEXIT_BIRTH_DEPS');
  if (words[at + 1] === undefined) return { tool, told: 'kubexit has no command to start' };
  if (names('KUBEXIT_DEATH_DEPS').length > 0) {
    return { tool, told: 'KUBEXIT_DEATH_DEPS ends the app when another container has: mesh-shim does not' };
  }
  if (births.length === 0 || !births.every((name) => proxies.includes(name))) {
    return { tool, told: 'it is not known to wait for the sidecar alone (KUBEXIT_BIRTH_DEPS)' };
  }
  return {
    tool,
    head: [context.shim, ...quitWords(context), '--'],
    rest: at + 1,
    note: 'no tombstone is written any more: no other container may have this one among its KUBEXIT_DEATH_DEPS',
  };
};
