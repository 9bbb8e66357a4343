import { expect, it } from 'vitest';
import { createHealthServer, createLifecycle } from '../../src/index.ts';
import { blockNamed } from '../helpers/page-blocks.ts';

it('docs/options.md shows messages as they are', async () => {
  const messages = await Promise.all(
    [
      () => createLifecycle({ servers: [], drainDelay: 5 } as never),
      () => createHealthServer({ port: '9000' } as never),
      () => createLifecycle({ servers: [], hooks: [{ name: 'database' }] } as never),
    ].map(async (call) => {
      try {
        await call();
        return 'no error';
      } catch (error) {
        return (error as Error).message;
      }
    }),
  );
  const shown = blockNamed('docs/options.md').code.trim().split('\n');
  expect(shown).toHaveLength(messages.length);
  for (const [index, line] of shown.entries()) expect(messages[index]).toContain(line.replace(/\.\.\.$/, ''));
});
