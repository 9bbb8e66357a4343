import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Inputs } from '../../src/check/model/inputs.ts';
import type { ManifestSource } from '../../src/check/read/manifest.ts';

/**
 * Fixtures of the rules, a folder each. In `bad.yaml` and `bad-*.yaml` the mark `# expect: rule-id` stands at the very lines
 * of all findings; `good.yaml` and `good-*.yaml` have none. Behind the rule's id a mark may say more of its finding: its
 * severity, `certain` or `offered` (whether --fix writes the fix unasked) or `unfixed` (no change can be known to cure it),
 * `rests on a,b` (inputs), `"words of the message"`, `fix "words of its title"`, `note "words of a note or its command"`. Beside `bad-x.yaml`, `bad-x.fixed.yaml` is what the fixes must make of it, new objects at its end.
 *
 * Their pods have sidecars as far as no label says otherwise. The other inputs are those of `mesh-shim.yaml` in the folder. `# with: {istio: "1.26"}` at the head of a file changes some of them,
 * and stands there once for each run; `# silent with: {istio: "1.27"}` is a run of the same file that finds nothing: the
 * other side of a limit.
 */
export interface RuleRun {
  readonly name: string;
  readonly rule: string;
  readonly source: ManifestSource;
  readonly inputs: Partial<Inputs>;
  readonly expected: readonly ExpectedFinding[];
  readonly fixed: string | undefined;
}

export interface ExpectedFinding {
  readonly rule: string;
  readonly line: number;
  readonly severity?: string;
  readonly certain?: boolean;
  readonly unfixed?: true;
  readonly restsOn?: readonly string[];
  readonly words?: string;
  readonly fix?: string;
  readonly notes?: readonly string[];
}

const folder = 'test/fixtures/check';

export const ruleFolders: readonly string[] = readdirSync(folder).toSorted();

/** Every run of every fixture. */
export const ruleRuns: readonly RuleRun[] = ruleFolders.flatMap((rule) =>
  readdirSync(`${folder}/${rule}`)
    .filter((name) => name !== 'mesh-shim.yaml' && !name.endsWith('.fixed.yaml'))
    .toSorted()
    .flatMap((name) => runsOf(rule, name)),
);

function runsOf(rule: string, name: string): RuleRun[] {
  if (!/^(bad|good)(-[\w.-]+)?\.yaml$/.test(name)) throw new Error(`${rule}/${name} is no fixture`);
  const source = { name, text: readFileSync(`${folder}/${rule}/${name}`, 'utf8') };
  const marks = expectations(source.text);
  if (name.startsWith('bad') !== marks.some((mark) => mark.rule === rule))
    throw new Error(`${rule}/${name}: "# expect: ${rule}" belongs into bad files, and into each of them`);
  const fixedPath = `${folder}/${rule}/${name.replace(/yaml$/, 'fixed.yaml')}`;
  const fixed = existsSync(fixedPath) ? readFileSync(fixedPath, 'utf8') : undefined;
  const run = (settings: string, expected: readonly ExpectedFinding[]): RuleRun => ({
    name: `${rule}/${name}${settings === '' ? '' : ` with ${settings}`}`,
    rule,
    source,
    inputs: { injection: true, ...folderInputs(rule), ...(parse(settings) as Partial<Inputs> | null) },
    expected,
    fixed,
  });
  const found = headLines(source.text, 'with').map((settings) => run(settings, marks));
  const silent = headLines(source.text, 'silent with').map((settings) => run(settings, []));
  return [...(found.length === 0 ? [run('', marks)] : found), ...silent];
}

function headLines(text: string, key: string): string[] {
  const head = /^(#.*\n)*/.exec(text)?.[0] ?? '';
  return [...head.matchAll(new RegExp(`^# ${key}: (.*)$`, 'gm'))].map(([, value = '']) => value);
}

/** The inputs of a rule's folder, which its page shows as well. */
export function folderInputs(rule: string): Partial<Inputs> {
  const file = readdirSync(`${folder}/${rule}`).find((name) => name === 'mesh-shim.yaml');
  return file === undefined ? {} : (parse(readFileSync(`${folder}/${rule}/${file}`, 'utf8')) as Partial<Inputs>);
}

function expectations(text: string): ExpectedFinding[] {
  return text.split('\n').flatMap((line, index) => {
    const [, ...marks] = line.split('# expect: ');
    return marks.map((mark) => expectation(mark, index + 1));
  });
}

function expectation(mark: string, line: number): ExpectedFinding {
  const [, rule = '', more = ''] = /^([\w-]+)(.*)$/.exec(mark) ?? [];
  const fix = /\bfix "(.*?)"/.exec(more)?.[1];
  const notes = [...more.matchAll(/\bnote "(.*?)"/g)].map(([, note = '']) => note);
  const words = /"(.+?)"(?= |$)/.exec(more.replace(/\b(?:fix|note) ".*?"/g, ''))?.[1];
  const plain = more.replace(/".*?"/g, '');
  const restsOn = /\brests on ([\w,]+)/.exec(plain)?.[1]?.split(',');
  const severity = /\b(error|warning|info)\b/.exec(plain)?.[1];
  const certain = /\b(certain|offered)\b/.exec(plain)?.[1];
  const unfixed = /\bunfixed\b/.test(plain);
  return {
    rule,
    line,
    ...(severity === undefined ? {} : { severity }),
    ...(certain === undefined ? {} : { certain: certain === 'certain' }),
    ...(unfixed && { unfixed }),
    ...(restsOn === undefined ? {} : { restsOn }),
    ...(words === undefined ? {} : { words }),
    ...(fix === undefined ? {} : { fix }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}
