import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('runs where there is nothing of Node: bundled for a browser, in a world without its globals', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { explainText } from './src/explain/explain-text.ts';
        export { createLogExplainer } from './src/explain/log/explain-log.ts';
        export { answerText } from './src/explain/words/answer-text.ts';
        export { logText } from './src/explain/words/log-text.ts';
        export { plainPaint } from './src/explain/words/paint.ts';
        export { formatReader } from './src/explain/read/format-string.ts';
        export { diagnoseSidecar } from './src/explain/pod/diagnose-sidecar.ts';`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'explain',
  });
  const world = createContext({});
  runInContext(outputFiles[0]?.text ?? '', world);
  const told = runInContext(
    `explain.answerText(explain.explainText('503 UC'), { width: 80, paint: explain.plainPaint })`,
    world,
  );
  expect(told).toMatch(/^The service closed the connection/);
  const log = runInContext(
    `(() => {
      const explainer = explain.createLogExplainer({ format: explain.formatReader('%RESPONSE_CODE% %RESPONSE_FLAGS%') });
      explainer.add('503 UH');
      return explain.logText(explainer.summary(), 5, { width: 80, paint: explain.plainPaint });
    })()`,
    world,
  );
  expect(log).toMatch(/1 request, 1 not answered/);
});
