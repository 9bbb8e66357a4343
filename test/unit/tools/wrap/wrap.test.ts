import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runToolHere } from '../../../helpers/run-tool.ts';

let cwd = '';
const folders: string[] = [];
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'mesh-shim-wrap-'));
  folders.push(cwd);
  put(
    'images.json',
    JSON.stringify({ images: { 'web:1': { entrypoint: ['/app'], cmd: ['serve'] }, 'later:1': null } }),
  );
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);
const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
const wrapWith = (args: readonly string[], stdin?: string) =>
  runToolHere('wrap', args, { cwd, ...(stdin === undefined ? {} : { stdin }) });
const always = [
  '--image',
  'registry.example.com/mesh-shim:1',
  '--injection',
  'true',
  '--images',
  'images.json',
  '--offline',
];
const wrap = (...args: string[]) => wrapWith([...always, ...args]);

const deployment = (name: string, container: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      containers:
        # the app
        - name: app
          ${container}
`;
const web = deployment('web', 'image: web:1');
const loop = deployment(
  'loop',
  'command: [sh, -c, "until curl -f localhost:15021/healthz/ready; do sleep 1; done; exec app"]',
);

describe('what it prints', () => {
  it('a table: what it would do, what it leaves alone and why, before and after of other tools', async () => {
    put('web.yaml', web);
    put('loop.yaml', loop);
    put('later.yaml', deployment('later', 'image: later:1'));
    put(
      'out.yaml',
      deployment('out', 'image: web:1').replace('labels: {', 'labels: { sidecar.istio.io/inject: "false",'),
    );
    const { code, stdout, stderr } = await wrap('.');
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: `4 workloads: 3 with a sidecar (by --injection), 1 opted out.

Wrapped (1 container):
  Deployment shop/web  app  what its image starts
    /mesh-shim/mesh-shim -- /app serve

Migrated to mesh-shim (1 container):
  Deployment shop/loop  app  from shell loop
    before: sh -c 'until curl -f localhost:15021/healthz/ready; do sleep 1; done; exec app'
    after:  /mesh-shim/mesh-shim --timeout 0 -- app

Left alone, and not protected (1 container):
  Deployment shop/later  app  what its image starts is not in images.json (--offline)
    image: later:1

Nothing to do (1 workload):
      1  opted out

4 workloads: 1 wrapped, 1 migrated, 1 left alone, 0 behind mesh-shim before, 1 that need nothing.
`,
      stderr: 'mesh-shim: nothing was written; --write changes the files\n',
    });
    expect(read('web.yaml')).toBe(web);
  });

  it('a script of several lines on one, as bash takes it', async () => {
    const script = "echo 'a\\b' # one\nexec app\n";
    put('web.yaml', deployment('web', `command: [sh, -c, ${JSON.stringify(script)}]`));
    const { stdout } = await wrap('.');
    const line = stdout.split('\n').find((one) => one.includes('/mesh-shim/mesh-shim -- sh -c ')) ?? '';
    const words = line.slice(line.indexOf('sh -c ') + 'sh -c '.length);
    expect(execFileSync('bash', ['-c', `printf %s ${words}`], { encoding: 'utf8' })).toBe(script);
  });

  it('of many, how many of each kind and the first names; --verbose lists all', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `w${index}`);
    put('all.yaml', names.map((name) => deployment(name, 'image: web:1')).join('---\n'));
    put('other.yaml', names.map((name) => deployment(`o${name}`, 'image: none:1')).join('---\n'));
    const { stdout } = await wrap('.');
    expect(stdout).toContain(`Wrapped (30 containers):
     30  what its image starts: Deployment shop/w0, Deployment shop/w1, Deployment shop/w2 and 27
         more
         (--verbose lists all)
`);
    expect(stdout).toContain('     30  what its image starts is not in images.json (--offline): Deployment shop/ow0,');
    expect(stdout.split('\n').length).toBeLessThan(20);
    expect((await wrap('.', '--verbose')).stdout.match(/ -- \/app serve/g)).toHaveLength(30);
  });

  it('--format json: everything of it', async () => {
    put('web.yaml', web);
    const { code, stdout } = await wrap('--format', 'json', '.');
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      code: 0,
      summary: { workloads: 1, wrapped: 1, migrated: 0, undone: 0, done: 0, kept: 0, left: 0 },
      files: ['web.yaml'],
      workloads: [
        {
          ...{
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            namespace: 'shop',
            name: 'web',
            file: 'web.yaml',
            world: '.',
          },
          outcome: 'wrapped',
          containers: [
            {
              ...{ name: 'app', outcome: 'wrapped', why: 'what its image starts', notes: [] },
              before: ['/app', 'serve'],
              after: ['/mesh-shim/mesh-shim', '--', '/app', 'serve'],
            },
          ],
          notes: [],
        },
      ],
    });
  });

  it('--format diff: what git apply takes, also of lines that end as on Windows', async () => {
    put('web.yaml', web);
    put('dos.yaml', loop.replaceAll('\n', '\r\n'));
    const { stdout } = await wrap('--format', 'diff', '.');
    execFileSync('git', ['apply', '-'], { cwd, input: stdout });
    const applied = [read('web.yaml'), read('dos.yaml')];
    put('web.yaml', web);
    put('dos.yaml', loop.replaceAll('\n', '\r\n'));
    await wrap('--write', '.');
    expect([read('web.yaml'), read('dos.yaml')]).toEqual(applied);
    expect(applied[1]).not.toMatch(/(?<!\r)\n/);
  });

  it('--format yaml: all manifests, of standard input, too', async () => {
    const { code, stdout } = await wrapWith([...always, '--format', 'yaml', '-'], `${web}---\n${loop}`);
    expect(code).toBe(0);
    const again = await wrapWith([...always, '-'], stdout);
    expect(again.stdout).toContain('2 workloads: 0 wrapped, 2 behind mesh-shim before');
    expect(stdout.match(/# the app/g)).toHaveLength(2);
  });
});

describe('what it writes', () => {
  it('--write changes the files; a second time nothing; --undo gives every byte back', async () => {
    put('web.yaml', web);
    put('loop.yaml', loop);
    const first = await wrap('--write', '.');
    expect(first).toMatchObject({ code: 0, stderr: 'mesh-shim: wrote loop.yaml, web.yaml\n' });
    const wrapped = parse(read('web.yaml')).spec.template;
    expect(wrapped.metadata.annotations).toEqual({ 'mesh-shim/wrapped': '{"app":{"command":null,"args":null}}' });
    expect(wrapped.spec.initContainers[0]).toMatchObject({ image: 'registry.example.com/mesh-shim:1' });
    const second = await wrap('--write', '.');
    expect({ ...second, stdout: second.stdout.split('\n').at(-2) }).toEqual({
      code: 0,
      stdout: '2 workloads: 0 wrapped, 2 behind mesh-shim before, 0 that need nothing.',
      stderr: '',
    });
    const undone = await wrapWith(['--undo', '--write', '.']);
    expect(undone.stdout).toContain('2 workloads with mesh-shim: taken out of 2, not of 0.');
    expect([read('web.yaml'), read('loop.yaml')]).toEqual([web, loop]);
  });

  it('--undo leaves alone what was changed since, and says so', async () => {
    put('web.yaml', web);
    put('own.yaml', deployment('own', 'command: [/own]'));
    await wrap('--write', '.');
    put('own.yaml', read('own.yaml').replace('/mesh-shim/mesh-shim', '/other'));
    put('web.yaml', read('web.yaml').replace('{"app"', '{"app'));
    const [own, odd] = [read('own.yaml'), read('web.yaml')];
    const { code, stdout } = await wrapWith(['--undo', '--write', '.']);
    expect(code).toBe(1);
    expect(stdout).toContain('its command was changed since');
    expect(stdout).toContain('its annotation mesh-shim/wrapped is not one that wrap has written');
    expect([read('own.yaml'), read('web.yaml')]).toEqual([own, odd]);
  });

  it('--kustomize writes a component and leaves the files as they are', async () => {
    put('web.yaml', web);
    put('loop.yaml', loop);
    const { code } = await wrap('--kustomize', 'in/mesh', '.');
    expect(code).toBe(0);
    expect(read('web.yaml')).toBe(web);
    expect(readdirSync(join(cwd, 'in/mesh')).sort()).toEqual([
      'deployment-shop-loop.yaml',
      'deployment-shop-web.yaml',
      'kustomization.yaml',
    ]);
    const again = await wrap('--kustomize', 'in/mesh', '.');
    expect(again.stdout).toContain('2 workloads: 1 wrapped, 1 migrated');
    put('kustomization.yaml', 'resources: [web.yaml]\n');
    const own = await wrap('--kustomize', '.', 'web.yaml');
    expect(own).toMatchObject({ code: 2, stdout: '' });
    expect(own.stderr).toContain('kustomization.yaml is not one that wrap has written; name a folder of its own');
    expect(read('kustomization.yaml')).toBe('resources: [web.yaml]\n');
  });

  it('says where a kustomization may set another start', async () => {
    mkdirSync(join(cwd, 'base'));
    mkdirSync(join(cwd, 'prod'));
    put('base/web.yaml', web);
    put('base/kustomization.yaml', 'resources: [web.yaml]\n');
    put('prod/kustomization.yaml', 'resources: [../base]\npatches: [{ path: start.yaml }]\n');
    const { code, stderr } = await wrap('--write', '.');
    expect(code).toBe(0);
    expect(stderr).toContain('prod/kustomization.yaml: patches not applied; a command that is set there hides');
  });

  it('--list-images prints the images whose start must be known, for --images', async () => {
    put('web.yaml', web);
    put('later.yaml', deployment('later', 'image: later:1'));
    put('loop.yaml', loop);
    const { code, stdout, stderr } = await wrap('--list-images', '.');
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      code: 0,
      images: { 'later:1': null, 'web:1': { os: 'linux', entrypoint: ['/app'], cmd: ['serve'], env: undefined } },
    });
    expect(stderr).toBe(
      'mesh-shim: 1 of 2 images was not read and is null there: fill it in, or its containers are left alone\n',
    );
  });
});

describe('what it refuses', () => {
  it.each([
    [['.'], '--way init needs the image of mesh-shim: --image IMAGE'],
    [['--image', 'x:1', '--way', 'layers', '.'], 'unknown way "layers"; did you mean layer?'],
    [['--image', 'x:1', '--preload', 'always', '.'], 'unknown choice "always"; use never, unknown, node'],
    [['--image', 'x:1', '--write', '-'], '--write changes files, got - (standard input)'],
    [['--image', 'x:1', '--write', '--render', '.'], '--write changes files, and --render reads'],
    [['--image', 'x:1', '--write', '--kustomize', 'd', '.'], 'use one of the two'],
    [['--undo', '--kustomize', 'd', '.'], 'goes with its folder'],
    [['--image', 'x:1', '--image-source', 'web', '.'], '--image-source must be IMAGE=SOURCE'],
    [['--image', 'x:1', '--mirror', 'a=http://b', '.'], '--mirror must be HOST=MIRROR'],
    [['--image', 'x:1', '--images', 'none.json', '.'], 'none.json: cannot be read'],
    [['--image', 'x:1', '--images', 'web.yaml', '.'], 'web.yaml: is no JSON'],
    [['--image', 'x:1', 'nothing.yaml'], 'nothing.yaml'],
    [['--image', 'x:1', '--quit-after', 'ap', '.'], '--quit-after: no workload has a container "ap"'],
    [['--way', 'layer', '--preload', 'node', '.'], '--preload needs the files of mesh-shim in the pod'],
    [['--image', 'a b', '.'], '--image must be the name of an image, got "a b"'],
  ])('%j', async (args, message) => {
    put('web.yaml', web);
    const { code, stdout, stderr } = await wrapWith([...args, '--injection=true']);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(read('web.yaml')).toBe(web);
  });

  it('a file that cannot be written keeps its text and ends it with 2, and the others are written', async () => {
    put('web.yaml', web);
    put('loop.yaml', loop);
    // What stands in the way of the new text, as a full disk would.
    put(`loop.yaml.mesh-shim-${process.pid}`, '');
    const { code, stderr } = await wrap('--write', '.');
    expect(code).toBe(2);
    expect(stderr).toContain('mesh-shim: cannot write loop.yaml: file already exists: it is as it was');
    expect(stderr).toContain('mesh-shim: wrote web.yaml\n');
    expect(read('loop.yaml')).toBe(loop);
    expect(read('web.yaml')).not.toBe(web);
  });

  it('--kustomize into a folder of manifests, which nobody would read any more', async () => {
    mkdirSync(join(cwd, 'deploy'));
    put('deploy/web.yaml', web);
    const { code, stdout, stderr } = await wrap('--kustomize', 'deploy', 'deploy');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--kustomize: deploy has manifests in it; name a folder of its own');
    expect(readdirSync(join(cwd, 'deploy'))).toEqual(['web.yaml']);
    for (const time of [1, 2]) {
      const again = await wrap('--kustomize', 'in-mesh', 'deploy');
      expect([time, again.code]).toEqual([time, 0]);
    }
  });

  it('an image that cannot be read leaves its container alone: why is said once, and the others are written', async () => {
    put('web.yaml', deployment('web', 'image: layout:1'));
    put('own.yaml', deployment('own', 'command: [/own]'));
    const { code, stdout } = await wrap('--image-source', 'layout:1=oci:none', '--write', '.');
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'app its image cannot be read: no such file or directory; look at',
    );
    expect(read('web.yaml')).toBe(deployment('web', 'image: layout:1'));
    expect(read('own.yaml')).toContain('/mesh-shim/mesh-shim');
  });

  it('--kustomize from what has the component in it already, which would be empty then', async () => {
    mkdirSync(join(cwd, 'deploy'));
    put('deploy/web.yaml', web);
    expect((await wrap('--kustomize', 'in-mesh', 'deploy')).code).toBe(0);
    const [component, patch] = [read('in-mesh/kustomization.yaml'), read('in-mesh/deployment-shop-web.yaml')];
    // As kustomize builds it.
    put('web.yaml', web);
    await wrap('--write', 'web.yaml');
    const { code, stderr } = await wrap('--kustomize', 'in-mesh', 'web.yaml');
    expect(code).toBe(2);
    expect(stderr).toContain('--kustomize: in-mesh/deployment-shop-web.yaml would be lost');
    expect([read('in-mesh/kustomization.yaml'), read('in-mesh/deployment-shop-web.yaml')]).toEqual([component, patch]);
  });

  it('a file that cannot be read ends it with 2, and the others are wrapped', async () => {
    put('web.yaml', web);
    put('broken.yaml', 'kind: [\n');
    const { code, stderr } = await wrap('--write', '.');
    expect(code).toBe(2);
    expect(stderr).toContain('mesh-shim: cannot read broken.yaml:');
    expect(read('web.yaml')).not.toBe(web);
  });
});
