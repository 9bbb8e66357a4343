import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const pages = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
];
const blocks = pages
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^```(?:ts|js|mjs)(?: fragment)?\n(.*?)^```$/gms)].map(([, code = '']) => ({
      page,
      code,
    })),
  );

/**
 * What is wrong with the order in which a program starts. PID 1 ignores a signal that nobody handles: in a wait that comes before the
 * lifecycle, or that does not heed its signal, a pod that is deleted stays for its whole grace.
 */
function faultOf(code: string): string | undefined {
  const made = code.indexOf('createLifecycle(');
  const waits = [...code.matchAll(/await (?:waitForMesh|waitForEndpoint|connect\w*)\(/g)].map(({ index }) => index);
  if (made === -1 || waits.length === 0) return undefined;
  if (waits.some((wait) => wait < made)) return 'the lifecycle comes after a wait';
  const heeds = !code.includes('waitForMesh(') || /waitForMesh\(\{[^}]*\bsignal\b/.test(code);
  if (!heeds) return 'waitForMesh does not heed its signal';
  const listens = code.indexOf('.listen(');
  return listens !== -1 && waits.some((wait) => wait > listens) ? 'a server listens before a wait' : undefined;
}

test('the fatal orders are seen', () => {
  expect(faultOf('await waitForMesh(); createLifecycle({ health });')).toBe('the lifecycle comes after a wait');
  expect(faultOf('await connectPg(); createLifecycle({ health });')).toBe('the lifecycle comes after a wait');
  expect(faultOf('createLifecycle(); await waitForMesh();')).toBe('waitForMesh does not heed its signal');
  expect(faultOf('const l = createLifecycle(); s.listen(1); await waitForMesh({ signal: l.signal });')).toBe(
    'a server listens before a wait',
  );
  expect(faultOf('const l = createLifecycle(); await waitForMesh({ signal: l.signal }); s.listen(1);')).toBe(undefined);
});

test('no page shows one', () => {
  const shown = blocks.filter(({ code }) => code.includes('createLifecycle(') && code.includes('waitForMesh('));
  expect(shown.map(({ page }) => page)).toEqual(expect.arrayContaining(['README.md', 'docs/lifecycle.md']));
  expect(blocks.flatMap(({ page, code }) => (faultOf(code) ? [`${page}: ${faultOf(code)}`] : []))).toEqual([]);
});
