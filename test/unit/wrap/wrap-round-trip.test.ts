import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { applyToData } from '../../../src/check/edit/apply-to-data.ts';
import { jsonPatchOf } from '../../../src/check/edit/json-patch.ts';
import { buildWorlds } from '../../../src/check/model/build-worlds.ts';
import { loadManifests } from '../../../src/check/read/load.ts';
import { checkManifests } from '../../../src/check/report/check-manifests.ts';
import type { ImageConfig } from '../../../src/images/image-config.ts';
import { editSources } from '../../../src/wrap/edit-sources.ts';
import type { KnownImage, WrapOptions } from '../../../src/wrap/plan.ts';
import { planUndos, planWraps } from '../../../src/wrap/plan-manifests.ts';

const config = (entrypoint: string[], cmd: string[] = []) =>
  ({ os: 'linux', entrypoint, cmd, env: {} }) as unknown as ImageConfig;
const images = new Map<string, KnownImage>([
  ['web:1', config(['/app'], ['serve', '--port=80'])],
  ['cmd:1', config([], ['node', 'a.js'])],
]);
const options: Omit<WrapOptions, 'anyUser'> = { way: 'init', image: 'shim:1', preload: 'never', quitAfter: [] };

const clustersOf = (text: string) =>
  buildWorlds(loadManifests([{ name: 'a.yaml', text }], 'default').worlds, { injection: true }, []);

/** The text after `wrap`, what is left alone, and the text after `--undo`. */
function roundTrip(text: string, given: Partial<typeof options> = {}) {
  const plans = planWraps(clustersOf(text), images, { ...options, ...given });
  const { changed, refused } = editSources(plans.filter(({ operations }) => operations.length > 0));
  expect([...refused]).toEqual([]);
  const wrapped = changed[0]?.text ?? text;
  const again = planWraps(clustersOf(wrapped), images, { ...options, ...given });
  expect(again.flatMap(({ operations }) => operations)).toEqual([]);
  const undone = editSources(planUndos(clustersOf(wrapped)));
  return { plans, wrapped, undone: undone.changed[0]?.text ?? wrapped };
}

const deployment = (template: string, name = 'web') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector: {matchLabels: {app: web}}
  template:
${template}`;

const pieces: Readonly<Record<string, string>> = {
  'a block, dashes indented': deployment(`    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: web:1 # the app
          ports:
            - containerPort: 80
          # alive?
          livenessProbe:
            httpGet:
              path: /
              port: 80
            periodSeconds: 1
      # at the end
`),
  'a block, dashes below their key': deployment(`    metadata:
      labels: {app: web}
      annotations:
        # why
        a: "b"
    spec:
      volumes:
      - name: data
        emptyDir: {}
      # first
      initContainers:
      # prepare
      - name: prepare
        image: busybox
        command: [cp, a, b]
      containers:
      - image: web:1
        name: web
        volumeMounts:
        - {name: data, mountPath: /data}
      - name: own
        image: x
        command:
        - /own
        # more
        - --flag
        args: ['a', "b"]`),
  'flow style':
    deployment(`    {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'cmd:1'}, {name: b, image: x, command: [ /b ]}]}}
`),
  'quoted words': deployment(`    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: x
        command: ["sh", "-c", "until curl -f localhost:15021/healthz/ready; do sleep 1; done; exec app"]
      - name: b
        image: x
        command:
        - 'linkerd-await'
        - '--'
        - '/b'
`),
  'no metadata': deployment(`    spec:
      containers:
      - name: web
        image: cmd:1
        args: [x]
`).replace('Deployment', 'ReplicaSet'),
  'JSON with two spaces': `${JSON.stringify(
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [
              { name: 'web', image: 'web:1', livenessProbe: { exec: { command: ['x'] } } },
              { name: 'own', image: 'x', command: ['/own', '-x'], volumeMounts: [{ name: 'a', mountPath: '/a' }] },
            ],
            volumes: [{ name: 'a', emptyDir: {} }],
          },
        },
      },
    },
    undefined,
    2,
  )}\n`,
  'JSON in one line': JSON.stringify({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'job' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'job', image: 'web:1' }] } } },
  }),
  'a List': `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: a
  spec:
    restartPolicy: OnFailure
    containers:
    - name: a
      image: web:1
- apiVersion: batch/v1
  kind: CronJob
  metadata:
    name: b
  spec:
    jobTemplate:
      spec:
        template:
          spec:
            containers:
            - name: b
              image: x
              command: [ "/b" ]
`,
};

describe('what wrap puts in, --undo takes out: not a byte is different', () => {
  const all = {
    ...pieces,
    'all in one file': Object.values(pieces)
      .filter((text) => !text.startsWith('{'))
      .join('\n---\n'),
  };
  for (const [name, text] of Object.entries(all)) {
    for (const way of ['init', 'volume'] as const) {
      it(`${name}, ${way}`, () => {
        const { wrapped, undone, plans } = roundTrip(text, { way });
        expect(plans.map(({ outcome }) => outcome)).not.toContain('left');
        expect(wrapped).not.toBe(text);
        expect(undone).toBe(text);
      });

      it(`${name}, ${way}: the checker finds nothing of the start-up any more`, () => {
        const { wrapped } = roundTrip(text, { way });
        const rules = (manifest: string) =>
          checkManifests([{ name: 'a.yaml', text: manifest }], { inputs: { injection: true } }).findings.map(
            ({ rule }) => rule,
          );
        const startup = ['startup-unprotected', 'job-never-ends', 'liveness-kills-waiting'];
        // Other tools wait as well.
        if (name !== 'quoted words') expect(rules(text).filter((rule) => startup.includes(rule))).not.toEqual([]);
        expect(rules(wrapped).filter((rule) => startup.includes(rule))).toEqual([]);
      });
    }
  }
});

describe('another image of mesh-shim takes the place of the one that wrap has put in', () => {
  for (const [name, text] of Object.entries(pieces)) {
    for (const way of ['init', 'volume'] as const) {
      it(`${name}, ${way}`, () => {
        const { wrapped } = roundTrip(text, { way });
        const updated = planWraps(clustersOf(wrapped), images, { ...options, way, image: 'shim:2' });
        expect(updated.map(({ why }) => why)).toEqual(updated.map(() => "mesh-shim's image becomes shim:2"));
        const { changed } = editSources(updated);
        expect(changed[0]?.text).toBe(wrapped.replaceAll(/(?<!\w)shim:1/g, 'shim:2'));
      });
    }
  }

  it('and not of one that somebody else has put there', () => {
    const own = deployment(`    metadata: {labels: {app: web}}
    spec:
      initContainers: [{name: mesh-shim-install, image: 'mine:1'}]
      containers: [{name: web, image: x, command: [/mesh-shim/mesh-shim, --, /a]}]
`);
    expect(planWraps(clustersOf(own), images, options).flatMap(({ operations }) => operations)).toEqual([]);
  });
});

describe('the preload in NODE_OPTIONS', () => {
  const node = (env: string) =>
    deployment(`    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: unknown:1
${env}`);
  it.each([
    ['no variable', '', '--import=/mesh-shim/register.mjs'],
    ['another one', '        env: [{name: A, value: "1"}]\n', '--import=/mesh-shim/register.mjs'],
    [
      'its own value in quotes',
      '        env:\n        - name: NODE_OPTIONS\n          value: "--no-warnings" # quiet\n',
      '--import=/mesh-shim/register.mjs --no-warnings',
    ],
    [
      'a value from elsewhere',
      '        env:\n        - name: NODE_OPTIONS\n          valueFrom: {configMapKeyRef: {name: a, key: b}}\n',
      '--import=/mesh-shim/register.mjs $(NODE_OPTIONS)',
    ],
  ])('%s', (_, env, value) => {
    const text = node(env);
    const { wrapped, undone, plans } = roundTrip(text, { preload: 'unknown' });
    expect(plans.map(({ outcome }) => outcome)).toEqual(['wrapped']);
    expect(wrapped).toMatch(/value: "?--import=/);
    expect(wrapped).toContain(value);
    expect(undone).toBe(text);
  });
});

it('what a merge key brings along is wrapped where it is used', () => {
  const text = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - &app
    name: web
    image: web:1
  - <<: *app
    name: other
`;
  const { wrapped, undone } = roundTrip(text);
  expect(wrapped.match(/- \/app$/gm)?.length).toBeGreaterThan(0);
  expect(undone).toBe(text);
});

it.each(['\t', ' ', '    '])('JSON is indented as it was, by %j', (step) => {
  const containers = [{ name: 'app', image: 'web:1', livenessProbe: { tcpSocket: { port: 80 } } }];
  const data = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { spec: { containers } } },
  };
  const { wrapped } = roundTrip(JSON.stringify(data, null, step));
  const odd = wrapped.split('\n').filter((line) => !new RegExp(`^(?:${step})*[^ \\t]`).test(line));
  expect(odd).toEqual([]);
});

it('the patches for Kustomize make the same of an object', () => {
  for (const text of Object.values(pieces)) {
    for (const { object, operations } of planWraps(clustersOf(text), images, options)) {
      expect(applyPatch(object.data, jsonPatchOf(object.data, operations))).toEqual(
        applyToData(object.data, operations),
      );
    }
  }
});

/** RFC 6902, as far as it is used. */
function applyPatch(data: unknown, patch: ReturnType<typeof jsonPatchOf>): unknown {
  const result = structuredClone(data);
  for (const { op, path, value } of patch) {
    const steps = path
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = steps.pop() as string;
    // biome-ignore lint/suspicious/noExplicitAny: any tree
    const holder = steps.reduce<any>((inner, step) => inner[step], result);
    if (op === 'add' && Array.isArray(holder)) holder.splice(Number(last), 0, value);
    else if (op === 'remove' && Array.isArray(holder)) holder.splice(Number(last), 1);
    else if (op === 'remove') delete holder[last];
    else holder[last] = value;
  }
  return result;
}

it('what an anchor shares is changed where all of its users are, and not otherwise', () => {
  const shared = (second: string) =>
    deployment(`    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: a
        image: x
        command: &c [/a]
        volumeMounts: &m
        - {name: data, mountPath: /data}
      ${second}
`);
  const both = shared(`- name: b
        image: x
        command: *c
        volumeMounts: *m`);
  expect(roundTrip(both).undone).toBe(both);
  const one = shared(`- name: b
        image: web:9
        volumeMounts: *m`);
  const plans = planWraps(clustersOf(one), images, options);
  const { changed, refused } = editSources(plans.filter(({ operations }) => operations.length > 0));
  expect(changed).toEqual([]);
  expect(refused.size).toBe(1);
});

describe('a key without a value is as good as a missing one', () => {
  const block = (nothing: string, behind = '') =>
    deployment(`    metadata:
      labels: {app: web}
      annotations:${nothing}
    spec:
      volumes:${nothing}${behind}
      initContainers:${nothing}
      containers:
        - name: web
          image: web:1
          env:${nothing}
          volumeMounts:${nothing}
          startupProbe:${nothing}
          livenessProbe: {httpGet: {path: /, port: 80}}
`);
  const flow = (nothing: string) =>
    JSON.stringify(parse(block(' ~')), (_, value) => (value === null ? '@' : value)).replaceAll('"@"', nothing);
  it.each([
    ['nothing', block('')],
    ['~', block(' ~')],
    ['null', block(' null')],
    ['JSON', flow('null')],
    ['~ between braces', flow('~')],
  ])('%s', (_, text) => {
    for (const way of ['init', 'volume'] as const)
      for (const preload of ['never', 'node'] as const) {
        const { wrapped, plans } = roundTrip(text.replace('web:1', 'cmd:1'), { way, preload });
        const { template } = parse(wrapped).spec;
        expect(template.metadata.annotations).toHaveProperty('mesh-shim/wrapped');
        expect(template.spec.volumes).toHaveLength(1);
        const [container] = template.spec.containers;
        expect([container.volumeMounts.length, container.startupProbe.failureThreshold]).toEqual([1, 60]);
        expect(container.env ?? []).toHaveLength(preload === 'node' ? 1 : 0);
        const [plan] = plans;
        if (plan === undefined) throw new Error('no plan');
        // A patch cannot go through what is not there.
        for (const { path } of jsonPatchOf(plan.object.data, plan.operations)) {
          const steps = path
            .split('/')
            .slice(1, -1)
            .map((step) => step.replaceAll('~1', '/'));
          const above = steps.reduce((inner, step) => inner?.[step], parse(text));
          expect([path, typeof above]).toEqual([path, 'object']);
          expect([path, above]).not.toEqual([path, null]);
        }
      }
  });

  it('a livenessProbe without a value kills nobody, and needs no startupProbe', () => {
    const text = block('').replace(/livenessProbe: .*/, 'livenessProbe:');
    expect(parse(roundTrip(text).wrapped).spec.template.spec.containers[0].startupProbe).toBeNull();
  });

  it('a comment beside it is not lost', () => {
    expect(roundTrip(block('', ' # none yet')).wrapped).toContain('volumes: # none yet\n        - ');
  });
});

describe('--undo after somebody has edited the manifest', () => {
  const two = deployment(`    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: web:1
          livenessProbe: {httpGet: {path: /, port: 80}}
        - name: own
          image: own:1
          command: [/own]
`);
  const { wrapped } = roundTrip(two);
  const undo = (edit: (text: string) => string) => {
    const edited = edit(wrapped);
    expect(edited).not.toBe(wrapped);
    const plans = planUndos(clustersOf(edited));
    const { changed, refused } = editSources(plans.filter(({ operations }) => operations.length > 0));
    expect([...refused]).toEqual([]);
    return { plans, text: changed[0]?.text ?? edited, edited };
  };

  it.each([
    ['args', / {10}args:\n(?: {12}- .*\n)+/],
    ['startupProbe', / {10}startupProbe:\n(?: {12}.*\n)+/],
    ['command', / {10}command:\n(?: {12}- .*\n)+/],
  ])('what is out already stays out: %s', (_, taken) => {
    expect(undo((text) => text.replace(taken, '')).text).toBe(two);
  });

  it('a command that somebody else has written is not taken out', () => {
    const { plans, text, edited } = undo((before) =>
      before.replace('            - /mesh-shim/mesh-shim\n            - --\n', ''),
    );
    expect(plans[0]?.containers).toMatchObject([{ outcome: 'left', why: 'its command was changed since' }, {}]);
    expect(text).toBe(edited);
  });

  it('a container with another name is told, and none is half taken out', () => {
    const { plans, text, edited } = undo((before) => before.replace('name: own\n', 'name: renamed\n'));
    expect(plans).toMatchObject([
      { outcome: 'left', why: expect.stringContaining('names own, which is not there, and not renamed') },
    ]);
    expect(text).toBe(edited);
  });

  it('what goes is told: before and after', () => {
    const { plans } = undo((before) => before.replace('- serve', '- other'));
    expect(plans[0]?.containers[0]).toMatchObject({
      why: 'taken out: its image says again what it starts',
      before: ['/mesh-shim/mesh-shim', '--', '/app', 'other', '--port=80'],
      after: [],
    });
  });
});

it('what Kubernetes refuses is left alone, and it is said why', () => {
  const whyOf = (containers: string) => {
    const text = deployment(`    metadata: {labels: {app: web}}\n    spec:\n      containers: [${containers}]\n`);
    const [plan] = planWraps(clustersOf(text), images, options);
    return plan?.why ?? plan?.containers[0]?.why;
  };
  expect(whyOf('{name: a, command: [x]}, {name: a, command: [y]}')).toBe(
    'two of its containers are called a: Kubernetes refuses it',
  );
  expect(whyOf('{name: a, command: web serve}')).toBe('its command is no list of words: Kubernetes refuses it');
  expect(whyOf('{name: a, command: [x], args: 5}')).toBe('its args is no list of words: Kubernetes refuses it');
  expect(whyOf('')).toBe('it has no containers');
  expect(whyOf('{name: a, command: []}')).toBe('its command is empty: take the key out');
});

it('says what a cluster with Knative must allow, unless it does so already', () => {
  const notesOf = (pod: object, way: 'init' | 'volume' | 'layer') => {
    const spec = { template: { spec: { containers: [{ image: 'web:1', command: ['/own'] }], ...pod } } };
    const service = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'web' }, spec };
    const known = new Map([...images, ['web:1', config(['/mesh-shim', '--', '/own'])] as const]);
    return planWraps(clustersOf(JSON.stringify(service)), known, { ...options, way })[0]?.notes;
  };
  expect(notesOf({}, 'init')).toEqual([expect.stringContaining('kubernetes.podspec-init-containers: enabled')]);
  expect(notesOf({}, 'volume')).toEqual([expect.stringContaining('kubernetes.podspec-volumes-image: enabled')]);
  expect(notesOf({}, 'layer')).toEqual([]);
  expect(notesOf({ initContainers: [{ name: 'a', image: 'a:1', command: ['/a'] }] }, 'init')).not.toContainEqual(
    expect.stringContaining('Knative'),
  );
});
