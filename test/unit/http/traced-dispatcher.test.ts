import { describe, expect, test } from 'vitest';
import { pacedFromBytes } from '../../../src/http/paced-body.ts';
import { traced } from '../../../src/http/traced-dispatcher.ts';
import { RecordingHandler } from '../../helpers/recording-handler.ts';
import { networkError, ScriptedTransport } from '../../helpers/scripted-transport.ts';

const request = { origin: 'http://orders.test', path: '/', method: 'GET' as const };
const shown = new Error('as the caller sees it');

function start(body?: unknown) {
  const transport = new ScriptedTransport();
  const causes: Error[] = [];
  const { dispatcher, trace } = traced(transport, (cause) => {
    causes.push(cause);
    return shown;
  });
  const handler = new RecordingHandler();
  const send = (options: object = request) => dispatcher.dispatch(options as never, handler);
  const accepted = send({ ...request, body });
  return { transport, trace, handler, send, causes, accepted };
}

test('notes how far a request got', () => {
  const { transport, trace } = start();
  const seen = [{ ...trace }];
  transport.last.connect();
  seen.push({ ...trace });
  transport.last.sent();
  seen.push({ ...trace });
  expect(seen).toEqual([
    { wasSent: false, bodySent: false, redirected: false },
    { wasSent: true, bodySent: false, redirected: false },
    { wasSent: true, bodySent: true, redirected: false },
  ]);
});

test('of a redirected one it never says that it was written whole', () => {
  const { transport, trace, send } = start();
  transport.last.reply(307);
  send();
  expect(trace).toEqual({ wasSent: true, bodySent: false, redirected: true });
  transport.last.connect().sent();
  expect(trace).toEqual({ wasSent: true, bodySent: false, redirected: true });
});

test('a second request after one that never left is no redirect', () => {
  const { transport, trace, send } = start();
  transport.last.fail(networkError('ECONNREFUSED'));
  send();
  expect(trace.redirected).toBe(false);
});

test('hands everything on', () => {
  const { transport, handler, accepted } = start();
  transport.last.connect('context').bodyPart('x').sent().head(200, { a: '1' }, 'Fine').data('ok').end({ t: '2' });
  expect(accepted).toBe(true);
  expect(handler.calls).toEqual([
    ['start', 'context'],
    ['body sent', 'x'],
    ['request sent'],
    ['response started'],
    ['head', 200, { a: '1' }, 'Fine'],
    ['data', 'ok'],
    ['end', { t: '2' }],
  ]);
  expect(handler.controllers).toEqual(new Set([transport.last]));
});

test('asks nothing of a handler that wants to know nothing', () => {
  const transport = new ScriptedTransport();
  const { dispatcher } = traced(transport, () => shown);
  dispatcher.dispatch(request, {});
  expect(() => transport.last.connect().bodyPart('x').sent().head(200).data('x').end().fail(shown)).not.toThrow();
});

describe('an error', () => {
  test('of the network is told as the caller is to see it', () => {
    const { transport, handler, causes } = start();
    const cause = networkError('ECONNRESET');
    transport.last.fail(cause);
    expect(handler.error).toBe(shown);
    expect(causes).toEqual([cause]);
  });

  test('of another kind is told as it is', () => {
    const { transport, handler } = start();
    const mistake = new Error('a mistake');
    transport.last.fail(mistake);
    expect(handler.error).toBe(mistake);
  });

  test('that is an abort is told as it is, whatever its code', () => {
    const { transport, handler } = start();
    const reason = networkError('ECONNRESET');
    transport.last.connect().abort(reason);
    expect(handler.error).toBe(reason);
  });

  test('without a controller', () => {
    const { transport, handler } = start();
    transport.last.handler.onResponseError?.(null as never, networkError('ECONNRESET'));
    expect(handler.error).toBe(shown);
  });
});

describe('the body', () => {
  test.each([undefined, null])('that is %s stays so', (body) => {
    const { transport } = start(body);
    expect(transport.last.options).toEqual({ ...request, body });
  });

  test('is sent in pieces', async () => {
    async function* chunks() {
      yield Buffer.alloc(pacedFromBytes + 1);
    }
    const { transport } = start(chunks());
    const lengths: number[] = [];
    for await (const { length } of transport.last.options.body as never as AsyncIterable<Buffer>) lengths.push(length);
    expect(lengths).toEqual([pacedFromBytes, 1]);
  });
});
