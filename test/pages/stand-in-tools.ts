import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { parseAllDocuments } from 'yaml';

// Called by the commands of the pages in the place of programs that cannot run here: each looks at what it is told, refuses what the real
// one would not find, and prints what the next command of a pipe reads. With PAGES_REPOSITORY, the folder of the repository.

const repository = process.env.PAGES_REPOSITORY ?? '';

// kubectl 1.34 and istioctl 1.31, `--help`.
const kubectlCommands = new Set(
  'annotate apply auth cp create debug delete describe events exec get kustomize label logs patch rollout top wait'.split(
    ' ',
  ),
);
// kubectl 1.34 and Istio 1.31, `kubectl api-resources`: names that the pages ask for.
const resources = new Set(
  'ns nodes deploy sts ds rs job cronjob pod svc cm netpol peerauthentications destinationrules serviceentries'.split(
    ' ',
  ),
);
const istioctlCommands = new Set([
  'analyze',
  'experimental',
  'proxy-config',
  'proxy-status',
  'version',
  'x',
  'ztunnel-config',
]);

/** By the program: why it cannot run here. */
export const whyNot: Readonly<Record<string, string>> = {
  npm: 'it would install, build and test the repository, or publish the package; what its scripts do is run by CI itself',
  npx: 'vitest would run these tests again; the commands of the package and Node are run',
  kubectl: 'it needs a cluster; the manifests are validated by their schemas',
  istioctl: 'it needs a cluster',
  helm: 'it needs a chart',
  kustomize: 'it is not installed; test/examples/manifests.test.ts runs it where it is',
  docker: 'it needs a daemon and an image',
  git: 'it would push',
};

export type StandIn = (words: readonly string[]) => void | Promise<void>;

class Refusal extends Error {}
const refuse = (why: string): never => {
  throw new Refusal(why);
};
const need = (isSo: boolean, why: string) => isSo || refuse(why);

const manifest = readFileSync(join(import.meta.dirname, '../../examples/job/job.yaml'), 'utf8');
const accessLog =
  '[2026-11-24T12:00:00.000Z] "GET / HTTP/1.1" 503 UF upstream_reset_before_response_started{remote_connection_failure} - "-" 0 91 3 - "-" "curl" "1" "web" "10.0.0.1:8080" outbound|80||web 10.0.0.2:1 10.0.0.3:80 10.0.0.2:2 - default\n';

function hasFile(path: string | undefined): void {
  need(path !== undefined && existsSync(path), `there is no file ${path}`);
}

async function readsManifest(path: string | undefined): Promise<void> {
  if (path !== '-') hasFile(path);
  if (path !== undefined && path !== '-' && statSync(path).isDirectory()) {
    for (const name of readdirSync(path)) await readsManifest(join(path, name));
    return;
  }
  const documents = parseAllDocuments(path === '-' ? await text(process.stdin) : readFileSync(path ?? '', 'utf8'));
  need(documents.length > 0 && documents.every(({ errors }) => errors.length === 0), `${path} is no manifest`);
}

const after = (words: readonly string[], flag: string) => words[words.indexOf(flag) + 1];

export const standIns: Readonly<Record<string, StandIn>> = {
  npm([command = '', name = '', ...rest]) {
    const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { scripts: object };
    if (command === 'run') need(Object.hasOwn(scripts, name), `package.json has no script ${name}`);
    else if (command === 'test') need(Object.hasOwn(scripts, 'test'), 'package.json has no script test');
    else if (command === 'install') need(name === 'mesh-shim', `${name} is not this package`);
    else if (command === 'publish') need(['', '--dry-run'].includes(name), `npm publish has no ${name}`);
    else if (command === 'version') need(['major', 'minor', 'patch'].includes(name), `${name} is no version`);
    else need(command === 'ci' && name === '', `npm ${command} is not known here`);
    need(rest.length === 0 || rest[0] === '--', `npm would take ${rest[0]} for itself`);
  },
  npx([command, ...words]) {
    if (command === 'mesh-shim' || command === 'node') return void run(command, words);
    need(command === 'vitest' && words[0] === 'run', `npx ${command} is not known here`);
    const paths = words
      .slice(1)
      .filter((word, index, all) => !word.startsWith('-') && !all[index - 1]?.startsWith('-'));
    for (const path of paths) hasFile(join(repository, path));
    for (const flag of words.filter((word) => word.startsWith('-')))
      need(['-t', '--project'].includes(flag), `vitest ${flag}`);
  },
  async kubectl(words) {
    const [command, ...rest] = words.filter(
      (word, index) => !word.startsWith('-') && !['-n', '-c'].includes(words[index - 1] ?? ''),
    );
    need(kubectlCommands.has(command ?? ''), `kubectl has no command ${command}`);
    if (command === 'apply') await readsManifest(after(words, '-f'));
    if (command === 'kustomize') hasFile(join(rest[0] ?? '', 'kustomization.yaml'));
    if (command === 'get' && after(words, '-o') === 'json') {
      const unknown = rest[0]?.split(',').find((name) => !resources.has(name));
      need(unknown === undefined, `the server doesn't have a resource type "${unknown}"`);
      const items = parseAllDocuments(manifest).map((document) => document.toJS());
      process.stdout.write(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    }
    if (command === 'logs') process.stdout.write(accessLog);
    if (command === 'exec') need(words.includes('--'), 'kubectl exec runs what stands behind --');
  },
  istioctl([command = '']) {
    need(istioctlCommands.has(command), `istioctl has no command ${command}`);
  },
  helm([command, chart]) {
    need(command === 'template', `helm ${command} is not known here`);
    hasFile(join(chart ?? '', 'Chart.yaml'));
    process.stdout.write(manifest);
  },
  kustomize([command, folder]) {
    need(command === 'build', `kustomize ${command} is not known here`);
    hasFile(join(folder ?? '', 'kustomization.yaml'));
    process.stdout.write(manifest);
  },
  docker(words) {
    if (words.includes('build')) {
      hasFile(words.includes('-f') ? after(words, '-f') : join(words.at(-1) ?? '', 'Dockerfile'));
    } else need(words[0] === 'run' || words[0] === 'push', `docker ${words[0]} is not known here`);
  },
  git(words) {
    need(words.join(' ') === 'push --follow-tags', `git ${words.join(' ')} is not known here`);
  },
};

function run(program: string, words: readonly string[]): void {
  const command = program === 'node' ? [process.execPath] : [process.execPath, join(repository, 'dist/cli.mjs')];
  process.exitCode = spawnSync(command[0] ?? '', [...command.slice(1), ...words], { stdio: 'inherit' }).status ?? 1;
}

if (import.meta.main) {
  const [name = '', ...words] = process.argv.slice(2);
  try {
    await standIns[name]?.(words);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${name} ${words.join(' ')}: ${error.message}\n`);
    process.exitCode = 99;
  }
}
