import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyExample } from '../../helpers/example-copy.ts';
import { ownAddress } from '../../helpers/own-address.ts';
import { startProgram } from '../../helpers/program.ts';
import { until } from '../../helpers/until.ts';

test('sse: each stream gets its last event and its end at the signal', async () => {
  const copy = copyExample('lifecycle/sse');
  onTestFinished(copy.remove);
  const app = startProgram(join(copy.folder, 'main.ts'), [], { PORT: '0', HEALTH_PORT: '0' });
  onTestFinished(app.kill);
  const { port } = await app.ready<{ port: number }>();
  const open = async () => {
    const request = get(`http://${ownAddress()}:${port}/events`);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    const ended = once(response, 'end');
    await until('an event', () => text.includes('data: '));
    return { ended, text: () => text };
  };
  const streams = [await open(), await open()];
  app.child.kill('SIGTERM');
  for (const stream of streams) {
    await stream.ended;
    expect(stream.text()).toMatch(/^retry: 2000\n\n(data: \d+\n\n)+event: bye\ndata: {}\n\n$/);
  }
  expect(await app.ended, app.stderr()).toEqual({ code: 0, signal: null });
});
