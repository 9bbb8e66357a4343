import { writeFileSync } from 'node:fs';
import { fieldTypes } from '../../src/check/model/field-types.ts';
import { minorOf } from '../../src/check/model/inputs.ts';
import { rangeOf } from './merge-shapes.ts';
import { type RecordedApi, recordedApis } from './recorded.ts';

type Apis = Readonly<Record<string, RecordedApi>>;
type AnnotationRow = readonly [name: string, kinds: string, since?: number, until?: number];

const folder = 'src/check/model';
const madeBy = '/** Made by `npm run record:istio`';

/** The injector reads ingress.class no longer, and the API still has it: it is Kubernetes' own. */
const notIstios = 'kubernetes.io/ingress.class';

/** Each annotation with the kinds that it belongs to, and the releases that know it where not all do. */
export function annotationRows(apis: Apis): readonly AnnotationRow[] {
  const names = Object.values(apis).flatMap(({ annotations }) => annotations.map(({ name }) => name));
  return [...new Set(names)]
    .filter((name) => name !== notIstios)
    .toSorted()
    .map((name): AnnotationRow => {
      const having = Object.entries(apis).flatMap(([release, { annotations }]) =>
        annotations.filter((one) => one.name === name).map(({ resources }) => [minorOf(release), resources] as const),
      );
      const kinds = [...new Set(having.flatMap(([, resources]) => resources))].toSorted().join(' ');
      const minors = having.map(([minor]) => minor);
      const [since, until] = rangeOf(minorsOf(apis), minors) ?? [];
      if (since === undefined) return [name, kinds];
      return until === undefined ? [name, kinds, since] : [name, kinds, since, until];
    });
}

/** For each message of a proxy's settings its fields, `name:type@since-until` with commas between; what src/check/model/proxy-config-fields.ts reads. */
export function messageRows(apis: Apis): Readonly<Record<string, string>> {
  const all = Object.values(apis).map(({ messages }) => messages);
  const names = [...new Set(all.flatMap((messages) => Object.keys(messages)))].toSorted();
  const rows = names.map((name) => {
    const fields = [...new Set(all.flatMap((messages) => Object.keys(messages[name] ?? {})))].toSorted();
    return [shortName(name), fields.map((field) => fieldText(apis, name, field)).join(', ')] as const;
  });
  if (new Set(rows.map(([name]) => name)).size < rows.length) throw new Error('two messages have one short name');
  return Object.fromEntries(rows);
}

function fieldText(apis: Apis, message: string, field: string): string {
  const having = Object.entries(apis).flatMap(
    ([
      release,
      {
        messages: { [message]: fields },
      },
    ]) => {
      const type = fields?.[field];
      return type === undefined ? [] : [[minorOf(release), shortType(type)] as const];
    },
  );
  const types = [...new Set(having.map(([, type]) => type))];
  // Enumerations only grow, so far: what the newest release has holds for all.
  const type = types.at(-1) ?? '';
  if (types.length > 1 && !types.every((one) => type.startsWith(one))) throw new Error(`${message}.${field}: ${types}`);
  const range = rangeOf(
    minorsOf(apis),
    having.map(([minor]) => minor),
  );
  return `${field}:${type}${range === undefined ? '' : `@${range.join('-')}`}`;
}

function shortType(type: string): string {
  return type
    .split(' ')
    .map((word) => (word.startsWith('google.protobuf.') ? wellKnown(word) : shortName(word)))
    .join(' ');
}

/** A value that may be left out takes what its plain type takes. */
function wellKnown(name: string): string {
  const word = name
    .slice('google.protobuf.'.length)
    .replace(/Value$/, '')
    .toLowerCase();
  if (!fieldTypes.has(word)) throw new Error(`${name} is not known`);
  return word;
}

function shortName(name: string): string {
  return name.replace(/^istio\.\w+\.v\w+\./, '');
}

function minorsOf(apis: Apis): readonly number[] {
  return Object.keys(apis).map(minorOf);
}

/** Writes the tables that the checker has of the API, and says where. */
export function writeApiTables(): readonly string[] {
  const apis = recordedApis();
  const releases = Object.keys(apis);
  const [oldest = '', newest = ''] = [releases[0], releases.at(-1)];
  const from = `istio.io/api of Istio ${oldest} to ${newest}`;
  const files = {
    'istio-releases.ts': `${madeBy}: the oldest and the newest release that the checker knows. */
export const [oldestIstio, newestIstio] = ${JSON.stringify([oldest, newest])} as const;\n`,
    'istio-annotation-table.ts': `${madeBy} from ${from}: annotations, kinds that they belong to, and the first and the last minor release that knows them, where not all do. */
export const recordedAnnotations: readonly (readonly [name: string, kinds: string, since?: number, until?: number])[] = ${JSON.stringify(annotationRows(apis))};\n`,
    'proxy-config-table.ts': `${madeBy} from ${from}: the fields of ProxyConfig and of the messages below it, as \`name:type@since-until\`. */
export const proxyMessages: Readonly<Record<string, string>> = ${JSON.stringify(messageRows(apis))};\n`,
  };
  return Object.entries(files).map(([name, text]) => {
    const file = `${folder}/${name}`;
    writeFileSync(file, text);
    return file;
  });
}
