import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { checkManifests } from '../../src/check/index.ts';
import { readConfiguration } from '../../src/tools/check/configuration.ts';
import { type KubernetesObject, schemaFindings } from '../helpers/kubernetes-schemas.ts';
import { type Block, blocks } from '../helpers/page-blocks.ts';
import { heldBy } from './rows.ts';

// Each manifest of the pages is one that Kubernetes takes and `check` finds nothing bad in. That of a bad example says so
// (`# expect:`) and is another test's.

const manifests = blocks.filter(
  (block) => block.language === 'yaml' && !block.code.includes('# expect: ') && heldBy(block) === undefined,
);
const named = (some: readonly Block[]) => some.map((block) => [block.name, block] as const);

const containerKeys =
  'command args env envFrom ports volumeMounts resources startupProbe livenessProbe readinessProbe lifecycle securityContext'.split(
    ' ',
  );
const within = (lines: string, code: string, indent: number) =>
  `${lines}\n${code.replaceAll(/^(?=.)/gm, ' '.repeat(indent))}`;
const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:';
const container = '{name: web, image: "example/web:1"}';

/** A fragment in the place where it belongs, known by its keys. Its comments stay: they may say something to `check`. */
function completed(code: string): string {
  const fragment: unknown = parse(code);
  if (Array.isArray(fragment)) {
    const entry =
      'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: orders-db, namespace: shop}';
    const spec = 'spec:\n  hosts: [orders-db.example.com]\n  resolution: DNS\n  ports:';
    return `${within(`${entry}\n${spec}`, code, 4)}      name: tcp\n      protocol: TCP\n`;
  }
  const keys = Object.keys(fragment as object);
  if (keys.every((key) => containerKeys.includes(key))) {
    return within(`${pod}\n  containers:\n    - name: web\n      image: example/web:1`, code, 6);
  }
  if (keys.length === 1 && keys[0] === 'containers') {
    const { containers } = fragment as { containers: object[] };
    const named = containers.map((one) => ({ ...parse(container), ...one }));
    return `${pod}\n  containers: ${JSON.stringify(named)}`;
  }
  throw new Error(`nothing is known that a fragment with the keys ${keys.join(', ')} is a part of`);
}

/** `# NAME` in the first line: the block is this file. */
const fileName = ({ code }: Block) => /^# (\S+\.ya?ml)\n/.exec(code)?.[1];

it.each(named(manifests.filter((block) => fileName(block) === 'mesh-shim.yaml')))(
  '%s is settings of check',
  (_, { code }) => {
    const folder = mkdtempSync(join(tmpdir(), 'page-settings-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const without = readConfiguration(new Map(), folder);
    writeFileSync(join(folder, 'mesh-shim.yaml'), code);
    expect(readConfiguration(new Map(), folder)).not.toEqual(without);
  },
);

it.each(named(manifests.filter((block) => fileName(block) === undefined)))(
  '%s is taken by Kubernetes, and faultless',
  (_, { code, info }) => {
    const text = info === 'fragment' ? completed(code) : code;
    const objects = parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);
    const findings = schemaFindings();
    for (const object of objects) {
      expect(object).toMatchObject({ apiVersion: expect.any(String), kind: expect.any(String) });
      // Kubernetes' schemas are of its own objects.
      if (!object.apiVersion.includes('istio.io')) expect(findings(object)).toEqual([]);
    }
    const { findings: found, suppressed } = checkManifests([{ name: 'page.yaml', text }]);
    const serious = found.filter(({ severity, rule }) => severity === 'error' || rule.startsWith('suppression-'));
    expect(serious.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    // An exception that is shown is one from a rule that would speak.
    expect(suppressed.map(({ rule }) => rule)).toEqual(code.match(/(?<=mesh-shim-ignore )[\w-]+/g) ?? []);
  },
);

it('there are some', () => {
  expect(manifests.length).toBeGreaterThan(4);
});
