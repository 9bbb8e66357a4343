import { mentionsSidecar, sidecarIn } from './sidecar-address.ts';

/** A script without what waits for the sidecar, and what does that in its place. */
export type ScriptMigration =
  | { readonly options: readonly string[]; readonly quit: 'always' | 'on-success' | undefined; readonly script: string }
  | { readonly told: string };

/**
 * A script that waits for the sidecar in a loop without end, and may tell it to quit, as options of mesh-shim and the rest of the
 * script. Undefined where it has nothing to do with a sidecar. Only what is surely equal is translated: a loop that does nothing
 * but ask and pause, and a quit that leaves the exit code of the app as it is.
 */
export function migrateScript(script: string): ScriptMigration | undefined {
  if (!mentionsSidecar(script)) return undefined;
  let rest = script;
  const meshes = new Set<string>();
  for (;;) {
    const loop = loopIn(rest);
    if (loop === undefined) break;
    meshes.add(loop.mesh.join(' '));
    rest = loop.rest;
  }
  const quit = quitIn(rest);
  if (quit !== undefined) rest = quit.rest;
  if (meshes.size === 0) return { told: 'its script asks or tells the sidecar in a way that is not known' };
  if (mentionsSidecar(rest))
    return { told: 'a part of its script asks or tells the sidecar in a way that is not known' };
  if (meshes.size > 1) return { told: 'its script waits for several sidecars' };
  if (rest.trim() === '') return { told: 'its script starts nothing after the wait' };
  const mesh = [...meshes].flatMap((options) => (options === '' ? [] : options.split(' ')));
  return { options: [...mesh, '--timeout', '0'], quit: quit?.when, script: rest.trim() };
}

/** Statements before the loop that only set the shell up, or say something. */
const before = String.raw`(?<before>(?:[ \t\n]*(?:set|echo|printf)\b[^;&|\n]*(?:;|&&|\n)\s*)*)`;
const loopForm = new RegExp(
  `^${before}\\s*(?<word>until|while)\\s+(?<condition>[^;&\\n]*?(?:&>[^;&\\n]*?|[12]?>&[12-][^;&\\n]*?)*)\\s*[;\\n]\\s*do\\b(?<body>[^|&]*?)[;\\n]\\s*done\\s*(?:;|&&|\\n|$)\\s*`,
);

function loopIn(script: string): { readonly mesh: readonly string[]; readonly rest: string } | undefined {
  const match = loopForm.exec(script);
  const { before: first = '', word, condition = '', body = '' } = match?.groups ?? {};
  if (match === null || !isReadyCheck(condition, word === 'until') || !isPause(body)) return undefined;
  const mesh = sidecarIn(condition);
  return mesh && { mesh, rest: first + script.slice(match[0].length) };
}

const asker = String.raw`(?:timeout\s+(?:-\S+\s+)*\S+\s+)?(?:\S*\/)?(?:curl|wget|nc|ncat|netcat)\s`;

/** Whether a condition is true (for `while`: false) as long as the sidecar does not answer as it should. */
function isReadyCheck(condition: string, whenReady: boolean): boolean {
  const text = condition.trim();
  if (/[`;]|\|\|/.test(text)) return false;
  const negated = text.startsWith('!');
  const inner = negated ? text.slice(1).trim() : text;
  if (new RegExp(`^${asker}[^|]*(?:\\|\\s*grep\\s[^|]*)?$`).test(inner)) return negated !== whenReady;
  const test =
    /^(?:\[\[?|test)\s+(?<left>"?\$\(.*\)"?)\s+(?<operator>=|==|-eq|!=|-ne)\s+["']?200["']?(?:\s+\]\]?)?$/.exec(inner);
  const { left = '', operator = '' } = test?.groups ?? {};
  if (!new RegExp(`^"?\\$\\(\\s*${asker}`).test(left)) return false;
  const isEqual = operator !== '!=' && operator !== '-ne';
  return (isEqual !== negated) === whenReady;
}

/** Whether a loop's body only pauses and says so. */
function isPause(body: string): boolean {
  const commands = body.split(/[;\n]/).map((command) => command.trim());
  return commands.every((command) => /^(?:$|(?:sleep|echo|printf|date|true|:)(?:\s[^$`]*)?$)/.test(command));
}

const post = String.raw`(?:curl\s(?=[^;&|\n]*(?:-X\s*POST|--request[= ]POST))|wget\s(?=[^;&|\n]*--post-data))[^;&|\n]*`;
const quitCall = new RegExp(`${post}`);
const quitEnds: readonly { readonly form: RegExp; readonly when: 'always' | 'on-success' }[] = [
  // APP; code=$?; curl ...; exit $code
  {
    form: new RegExp(
      `^(?<app>[\\s\\S]*?)\\s*[;\\n]\\s*(?<name>[A-Za-z_]\\w*)=\\$\\?\\s*[;\\n]\\s*(?<call>${post})(?:\\|\\|\\s*(?:true|:)\\s*)?[;\\n]\\s*exit\\s+"?\\$\\{?\\k<name>\\}?"?\\s*;?\\s*$`,
    ),
    when: 'always',
  },
  // APP && curl ...
  { form: new RegExp(`^(?<app>[^;&|\\n]*?)\\s*&&\\s*(?<call>${post})\\s*;?\\s*$`), when: 'on-success' },
  // trap "curl ..." EXIT; APP
  {
    form: new RegExp(
      `^\\s*trap\\s+(?<quote>["'])(?<call>${post})\\k<quote>\\s+(?:EXIT|0)\\s*[;\\n]\\s*(?<app>[\\s\\S]*)$`,
    ),
    when: 'always',
  },
];

function quitIn(script: string): { readonly when: 'always' | 'on-success'; readonly rest: string } | undefined {
  for (const { form, when } of quitEnds) {
    const { app = '', call = '' } = form.exec(script)?.groups ?? {};
    const isQuit = quitCall.test(call) && sidecarIn(call) !== undefined && /\/(?:quitquitquit|shutdown)\b/.test(call);
    // `exec` would have left the shell before it came to the call.
    if (isQuit && !/(?:^|[;&|\n])\s*exec\s/.test(app)) return { when, rest: app };
  }
  return undefined;
}
