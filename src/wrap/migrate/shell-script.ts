import { mentionsSidecar, sidecarIn } from './sidecar-address.ts';

/** A script without what waits for the sidecar, and what does that in its place. */
export type ScriptMigration =
  | { readonly options: readonly string[]; readonly quit: 'always' | 'on-success' | undefined; readonly script: string }
  | { readonly told: string };

/** The time for a form grows with the square of the script's length, and faster with a run of blanks. */
const longest = 20_000;

/**
 * A script that waits for the sidecar in a loop without end, and may tell it to quit, as options of mesh-shim and the rest of the
 * script. Undefined where it has nothing to do with a sidecar. Only what is surely equal is translated: a loop that does nothing
 * but ask and pause, and a quit that leaves the exit code of the app as it is.
 */
export function migrateScript(script: string): ScriptMigration | undefined {
  if (!mentionsSidecar(script)) return undefined;
  if (script.length > longest || /\s{64}/.test(script)) return { told: 'its script is too long to be understood' };
  const meshes = new Set<string>();
  let rest = script;
  let quit: Quit | undefined;
  // A trap stands before the loop, the end of the script behind it.
  const takeQuit = () => {
    const found = quit === undefined ? quitIn(rest) : undefined;
    if (found === undefined) return;
    meshes.add(found.mesh.join(' '));
    [quit, rest] = [found, found.rest];
  };
  takeQuit();
  let loops = 0;
  for (let loop = loopIn(rest); loop !== undefined; loop = loopIn(rest)) {
    meshes.add(loop.mesh.join(' '));
    rest = loop.rest;
    loops += 1;
  }
  takeQuit();
  if (meshes.size === 0) return { told: 'its script asks or tells the sidecar in a way that is not known' };
  if (mentionsSidecar(rest))
    return { told: 'a part of its script asks or tells the sidecar in a way that is not known' };
  if (meshes.size > 1) return { told: 'its script has to do with several sidecars' };
  if (rest.trim() === '') return { told: 'its script starts nothing after the wait' };
  const mesh = [...meshes].flatMap((options) => (options === '' ? [] : options.split(' ')));
  const timeout = loops > 0 ? ['--timeout', '0'] : [];
  return { options: [...mesh, ...timeout], quit: quit?.when, script: rest.trim() };
}

// No form lets two of its parts take the same characters in turn: that would take for ever where it does not match.

/** What may stand in one command, with what leads its output elsewhere. */
const words = String.raw`(?:[^;&|\n]|&>|>&[12-])*`;
/** The same with pipes. */
const pipeline = String.raw`(?:[^;&\n]|&>|>&[12-])*?`;
/** Statements before the loop that only set the shell up, or say something: what they would write or run comes before the wait. */
const before = String.raw`(?<before>\s*(?:(?:set|echo|printf|sleep)\b(?:[^;&|\n>$\x60]|\$(?!\())*(?:;|&&|\n)\s*)*)`;
const loopForm = new RegExp(
  String.raw`^${before}(?<word>until|while)\s+(?<condition>${pipeline})[;\n]\s*do\b(?<body>[^|&]*?)[;\n]\s*done\b\s*(?:;|&&|$|(?<=\n\s*))\s*`,
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

interface Quit {
  readonly mesh: readonly string[];
  readonly when: 'always' | 'on-success';
  /** The script without it. */
  readonly rest: string;
}

const isPost = String.raw`(?=${words}(?:\s-[A-Za-z]*X\s*["']?POST|\s--request[= ]["']?POST|\s--post-data|\s--method=POST))`;
const post = String.raw`(?:curl|wget)\b${isPost}${words}`;
const orNot = String.raw`(?:\|\|\s*(?:true|:)\s*)?`;
const sayings = String.raw`(?:(?:echo|printf|date|sleep)\b[^;&|\n$\x60]*[;\n]\s*)*`;
const exitCode = String.raw`(?:"?\$\?"?|\$\(echo \$\?\))`;
const exitWith = String.raw`exit\s+"?\$\{?\k<name>\}?"?\s*;?\s*`;
const quitEnds: readonly { readonly form: RegExp; readonly when: Quit['when'] }[] = [
  // APP; code=$?; curl ...; exit $code
  {
    form: new RegExp(
      String.raw`^(?<app>[\s\S]*?)\s*[;\n]\s*(?<name>[A-Za-z_]\w*)=${exitCode}\s*[;\n]\s*${sayings}(?<call>${post})${orNot}(?:[;\n]|&&)\s*${sayings}${exitWith}$`,
    ),
    when: 'always',
  },
  // APP && curl ...
  { form: new RegExp(String.raw`^(?<app>[^;&|\n]*?)\s*&&\s*(?<call>${post})\s*;?\s*$`), when: 'on-success' },
  // trap "curl ..." EXIT; APP, or trap 'code=$?; curl ...; exit $code' EXIT; APP
  {
    form: new RegExp(
      String.raw`^\s*${sayings}trap\s+(?<quote>["'])(?:(?<call>${post})${orNot};?\s*|(?<name>[A-Za-z_]\w*)=\$\?\s*;\s*(?<named>${post})${orNot};\s*${exitWith})\k<quote>\s+(?:EXIT|0)\s*[;\n]\s*(?<app>[\s\S]*)$`,
    ),
    when: 'always',
  },
];

function quitIn(script: string): Quit | undefined {
  for (const { form, when } of quitEnds) {
    const { app = '', call, named } = form.exec(script)?.groups ?? {};
    const asked = call ?? named ?? '';
    const mesh = sidecarIn(asked);
    // `exec` would have left the shell before it came to the call.
    if (mesh && /\/(?:quitquitquit|shutdown)\b/.test(asked) && !/(?:^|[;&|\n])\s*exec\s/.test(app)) {
      return { mesh, when, rest: app };
    }
  }
  return undefined;
}
