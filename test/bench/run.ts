/** `npm run bench` runs the shim's benchmark; `npm run bench -- NAME...` others, `-- all` each of them. */
const benchmarks: Readonly<Record<string, () => Promise<{ run(): Promise<void> }>>> = {
  shim: () => import('./shim.ts'),
  start: () => import('./start.ts'),
  native: () => import('./native.ts'),
  http: () => import('./http.ts'),
  health: () => import('./health.ts'),
  rollout: () => import('./rollout.ts'),
  check: () => import('./check.ts'),
  'check-tree': () => import('./check-tree.ts'),
  import: () => import('./import.ts'),
};

const asked = process.argv.slice(2);
const names = asked.length === 0 ? ['shim'] : asked.includes('all') ? Object.keys(benchmarks) : asked;
for (const name of names) {
  const load = benchmarks[name];
  if (!load) {
    process.stderr.write(`no benchmark ${JSON.stringify(name)}; there are: ${Object.keys(benchmarks).join(', ')}\n`);
    process.exitCode = 64;
    break;
  }
  await (await load()).run();
}
