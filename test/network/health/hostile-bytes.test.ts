import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHealthServer, type HealthServer } from '../../../src/health/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { checkGrpcHealth } from '../../helpers/grpc-health-client.ts';
import { until } from '../../helpers/until.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** A frame of HTTP/2 with whatever in it; its length may lie. */
const frame = fc
  .record({
    type: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.nat(255)),
    flags: fc.nat(255),
    stream: fc.oneof(fc.constantFrom(0, 1, 2, 3, 0x7f_ff_ff_ff), fc.nat(0xff_ff_ff)),
    payload: fc.uint8Array({ maxLength: 60 }),
    lie: fc.constantFrom(0, 0, 0, 1, -1, 0xff_ff_00),
  })
  .map(({ type, flags, stream, payload, lie }) => {
    const head = Buffer.alloc(9);
    head.writeUIntBE(Math.max(0, payload.length + lie) & 0xff_ff_ff, 0, 3);
    head[3] = type;
    head[4] = flags;
    head.writeUInt32BE(stream, 5);
    return Buffer.concat([head, payload]);
  });
const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
/** The headers of a call of Check, without compression. */
const call = (() => {
  const fields = {
    ':method': 'POST',
    ':scheme': 'http',
    ':authority': 'x',
    ':path': '/grpc.health.v1.Health/Check',
    'content-type': 'application/grpc',
  };
  const block = Object.entries(fields).flatMap(([name, value]) => [
    0x10,
    name.length,
    ...Buffer.from(name),
    value.length,
    ...Buffer.from(value),
  ]);
  return Buffer.from([0, 0, block.length, 1, 4, 0, 0, 0, 1, ...block]);
})();
const data = fc
  .uint8Array({ maxLength: 200 })
  .chain((bytes) =>
    fc.constantFrom(0, 1).map((flags) => Buffer.from([0, 0, bytes.length, 0, flags, 0, 0, 0, 1, ...bytes])),
  );

/** Frames whose length is right for their type: PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE. */
const sound = fc.constantFrom([2, 5], [3, 4], [4, 6], [6, 8], [7, 8], [8, 4]).chain(([type = 0, length = 0]) =>
  fc
    .record({
      stream: fc.constantFrom(0, 1, 1, 3),
      payload: fc.uint8Array({ minLength: length, maxLength: length }),
      small: fc.boolean(),
    })
    .map(({ stream, payload, small }) => {
      if (small) payload.fill(0, 0, length - 1);
      return Buffer.from([0, 0, length, type, 0, 0, 0, 0, stream, ...payload]);
    }),
);

const requestLike = fc
  .tuple(
    fc.constantFrom('GET', 'HEAD', 'POST', 'PRI', 'CONNECT', 'OPTIONS', 'P', 'PR', ''),
    fc.constantFrom(' /livez', ' /readyz?format=json', ' *', ' //', '', ' http://x/livez'),
    fc.constantFrom(' HTTP/1.1\r\n', ' HTTP/1.0\r\n', ' HTTP/2.0\r\n', ' HTTP/9.9\r\n', '\r\n', '\n'),
    fc.array(
      fc.constantFrom(
        'host: x\r\n',
        'content-length: 5\r\n',
        'content-length: -1\r\n',
        'transfer-encoding: chunked\r\n',
        'upgrade: h2c\r\nconnection: upgrade\r\n',
        'expect: 100-continue\r\n',
        'x: \u0000\r\n',
        ': y\r\n',
      ),
      { maxLength: 4 },
    ),
    fc.constantFrom('\r\n', '\n', '', '\r\n\r\n', '\r\nhello', '\r\nffffffffffffffffff\r\n'),
  )
  .map((parts) => Buffer.from(parts.flat().join(''), 'latin1'));

const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  requestLike,
  fc.array(requestLike, { maxLength: 3 }).map((all) => Buffer.concat(all)),
  fc.array(frame, { maxLength: 8 }).map((frames) => Buffer.concat([preface, ...frames])),
  fc.array(frame, { maxLength: 8 }).map((frames) => Buffer.concat([preface, settings, ...frames])),
  fc.array(data, { maxLength: 4 }).map((frames) => Buffer.concat([preface, settings, call, ...frames])),
  fc.tuple(frame, frame).map(([a, b]) => Buffer.concat([preface, settings, call, a, b])),
  fc
    .array(fc.oneof(sound, data), { minLength: 1, maxLength: 6 })
    .map((frames) => Buffer.concat([preface, settings, call, ...frames])),
  fc.nat(preface.length).map((length) => preface.subarray(0, length)),
);

/** Sends the bytes in pieces, then ends, breaks off or stays. */
const client = fc.record({
  bytes: hostile,
  cuts: fc.array(fc.nat(120), { maxLength: 3 }),
  ending: fc.constantFrom<'end' | 'reset' | 'stay'>('end', 'reset', 'stay'),
});

describe.each([false, true])('worker: %s', (worker) => {
  let health: HealthServer;
  beforeAll(async () => {
    health = await createHealthServer({
      port: 0,
      worker,
      logger: silentLogger,
      requestTimeoutMs: 300,
      readiness: { db: () => true },
    });
    health.setState('ready');
  });
  afterAll(() => health.close());

  test('whatever bytes come, the next probe is answered', async () => {
    const run = fc.asyncProperty(fc.array(client, { minLength: 1, maxLength: 6 }), async (clients) => {
      await Promise.all(
        clients.map(async ({ bytes, cuts, ending }) => {
          const socket = connect(health.port, '127.0.0.1');
          const closed = new Promise((resolve) => socket.once('close', resolve));
          socket.on('error', () => {}).resume();
          await Promise.race([once(socket, 'connect').catch(() => {}), closed]);
          const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
          for (const [i, from] of places.entries()) {
            if (i > 0) await new Promise(setImmediate);
            socket.write(bytes.subarray(from, places[i + 1]));
          }
          if (ending === 'end') socket.end();
          if (ending === 'reset') socket.resetAndDestroy();
        }),
      );
      expect((await fetch(`${health.url}/livez`)).status).toBe(200);
      expect(await checkGrpcHealth(health.port, 'liveness')).toBe('SERVING');
    });
    await fc.assert(run, { numRuns: 200 });
    await until('ready after all', async () => (await fetch(`${health.url}/readyz`)).ok);
  });
});
