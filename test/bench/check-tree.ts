import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseAllDocuments } from 'yaml';

// A repository of 10,843 YAML files: apps with a base and overlays, plain folders, charts that are not rendered, CRDs and
// data, checked by the command as a user runs it.
const appCount = 700;
const plainCount = 3000;
const chartCount = 400;
const crdCount = 200;
const fileCount = 10_843;

function deployment(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: web
          image: example.com/web:1.2
          args: ["--port", "8080"]
          ports:
            - containerPort: 8080
`;
}

function service(name: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector:\n    app: ${name}\n  ports:\n    - port: 80\n      targetPort: 8080\n`;
}

function crd(name: string): string {
  const field = (index: number) =>
    `                field${index}:\n                  description: 'Says what number ${index} is for, at some\n                    length: "as usual".'\n                  type: string\n`;
  const fields = Array.from({ length: 300 }, (_, index) => field(index)).join('');
  return `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: ${name}.example.com\nspec:\n  group: example.com\n  versions:\n    - name: v1\n      schema:\n        openAPIV3Schema:\n          properties:\n            spec:\n              properties:\n${fields}`;
}

function files(): Map<string, string> {
  const all = new Map<string, string>();
  for (let app = 0; app < appCount; app += 1) {
    const folder = `apps/app-${app}`;
    all.set(`${folder}/base/kustomization.yaml`, 'resources: [deployment.yaml, service.yaml]\n');
    all.set(`${folder}/base/deployment.yaml`, deployment(`app-${app}`));
    all.set(`${folder}/base/service.yaml`, service(`app-${app}`));
    for (const stage of ['dev', 'prod']) {
      const overlay = `${folder}/overlays/${stage}`;
      all.set(
        `${overlay}/kustomization.yaml`,
        `namespace: ${stage}-${app}\nresources: [../../base]\npatches: [{path: patch.yaml}]\n`,
      );
      all.set(
        `${overlay}/patch.yaml`,
        `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-${app}\nspec:\n  replicas: 3\n`,
      );
    }
  }
  for (let index = 0; index < chartCount; index += 1) {
    all.set(`charts/c-${index}/Chart.yaml`, `name: c-${index}\nversion: 1.0.0\n`);
    all.set(`charts/c-${index}/values.yaml`, 'image:\n  tag: "1"\n');
    all.set(`charts/c-${index}/templates/deployment.yaml`, deployment('{{ .Values.name }}'));
  }
  for (let index = 0; index < crdCount; index += 1) all.set(`crds/x${index}.yaml`, crd(`x${index}`));
  for (let index = 0; index < plainCount; index += 1) {
    const name = `plain-${index}`;
    all.set(`clusters/c${index % 40}/${name}.yaml`, `${deployment(name)}---\n${service(name)}`);
  }
  for (let index = 0; all.size < fileCount; index += 1)
    all.set(`data/d${index}.yaml`, `rows: [1, 2, 3]\nname: d${index}\n`);
  return all;
}

export async function run(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'mesh-shim-bench-'));
  try {
    for (const [name, text] of files()) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const start = performance.now();
    const script = `process.on('exit', () => process.stderr.write('max ' + process.resourceUsage().maxRSS + String.fromCharCode(10)))`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(script)}`,
        resolve('dist/cli.mjs'),
        'check',
        '.',
        '--format=json',
      ],
      { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 30, timeout: 300_000 },
    );
    const checkMs = performance.now() - start;
    const { findings, objects } = JSON.parse(stdout) as { findings: unknown[]; objects: number };
    const memoryMb = Number(/^max (\d+)$/m.exec(stderr)?.[1]) / 1024;
    const parseMs = timeParsing(root);
    process.stdout.write(
      `check-tree: ${fileCount} files, ${objects} objects, ${findings.length} findings, exit code ${status}: ` +
        `${(checkMs / 1000).toFixed(1)} s, ${memoryMb.toFixed(0)} MB; parsing alone: ${(parseMs / 1000).toFixed(1)} s; ` +
        `ratio ${(checkMs / parseMs).toFixed(2)}\n`,
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Reading and parsing each file by the same library. */
function timeParsing(root: string): number {
  const start = performance.now();
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.yaml'))
      for (const document of parseAllDocuments(readFileSync(join(root, name), 'utf8'))) document.errors.at(0);
  }
  return performance.now() - start;
}
