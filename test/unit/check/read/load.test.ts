import { describe, expect, it } from 'vitest';
import { splitDocuments } from '../../../../src/check/read/documents.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';

const load = (text: string) => loadManifests([{ name: 'a.yaml', text }], 'default');
const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

describe('loadManifests', () => {
  it('reads documents, JSON, and Lists', () => {
    const json = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'json' } }, null, '\t');
    const items = `apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: ConfigMap, metadata: {name: item}}\n`;
    const { objects, unread } = load(['', configMap('one'), json, items].join('\n---\n'));
    expect(unread).toEqual([]);
    expect(objects.map(({ name }) => name)).toEqual(['one', 'json', 'item']);
  });

  it('reports a broken document with its place, and reads the others', () => {
    const { objects, unread } = load(`${configMap('one')}---\nkind: [Pod\nmetadata: {}\n---\n${configMap('two')}`);
    expect(objects.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(unread).toEqual([{ file: 'a.yaml', line: 6, column: 1, message: expect.stringContaining('Flow sequence') }]);
  });

  it.each(['name: {{ .Values.name }}', '{{- if .Values.on }}\nname: a\n{{- end }}'])(
    'skips a Helm template: %s',
    (line) => {
      const { objects, unread, skipped } = load(`apiVersion: v1\nkind: Pod\nmetadata:\n  x: y\n${line}\n`);
      expect({ objects, unread }).toEqual({ objects: [], unread: [] });
      expect(skipped[0]?.reason).toContain('helm template');
    },
  );

  it('does not take templates inside a value for Helm', () => {
    const { objects, skipped } = load(
      `${configMap('alerts')}data:\n  a.tmpl: |\n    {{ range .Alerts }}\n    x\n    {{ end }}\n`,
    );
    expect(objects.length).toBe(1);
    expect(skipped).toEqual([]);
  });

  it('survives any shape', () => {
    const text = [
      'Deployment',
      'Service',
      'PeerAuthentication',
      'DestinationRule',
      'ServiceEntry',
      'Namespace',
      'NetworkPolicy',
      'ConfigMap',
      'CronJob',
    ]
      .flatMap((kind) =>
        ['1', '[]', '{ports: 1, template: [], selector: x, host: 1, hosts: {}, containers: text}', 'null'].map(
          (spec) => `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: ${spec}\nspec: ${spec}\n`,
        ),
      )
      .join('---\n');
    expect(() => checkManifests([{ name: 'a.yaml', text }])).not.toThrow();
    expect(() =>
      checkManifests([{ name: 'a.yaml', text: text.replaceAll('networking.istio.io/v1', 'constructor/v1') }]),
    ).not.toThrow();
  });

  it('survives aliases that grow without end', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[index]}`)}]`),
    ].join('\n');
    expect(load(`apiVersion: v1\nkind: ConfigMap\n${bomb}\n`).unread.length).toBe(1);
  });

  it('reads past a byte order mark, and with the line ends of Windows', () => {
    const { objects, unread } = load(`\ufeff${configMap('a')}---\n${configMap('b')}`.replaceAll('\n', '\r\n'));
    expect({ names: objects.map(({ name }) => name), unread }).toEqual({ names: ['a', 'b'], unread: [] });
  });

  it('keeps every character: what is between the documents too', () => {
    const text = `# head\n---\n${configMap('a')}---\n# only words\n---\n${configMap('b')}`;
    for (const part of splitDocuments({ name: 'a', text })) {
      expect(text.slice(part.offset, part.offset + part.text.length)).toBe(part.text);
    }
  });
});
