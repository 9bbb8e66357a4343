import { describe, expect, it } from 'vitest';
import { ownBuilds } from '../../helpers/builds.ts';
import { recordedBody } from '../../helpers/fixtures.ts';
import { type Behaviour, reply } from '../../helpers/raw-sidecar.ts';
import { admin, live, pour, type SidecarBehaviour, saysLive, send, sendAndEnd } from './behaviours.ts';
import { runAgainst, serve, short, start } from './run-against.ts';

// A sidecar that misbehaves in every way we know of, on real sockets. Never is it taken for ready, and never does the
// shim outlast its limits: each row ends by itself, with the exit code that says so.

const label = recordedBody('istio-1.31_envoy-1.40.server_info.PRE_INITIALIZING_with_label_state_LIVE.json');
const draining = recordedBody('istio-1.31_envoy-1.40.server_info.DRAINING.http');

const fiftyMegabytes: Behaviour = (socket) => {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${50 * 2 ** 20}\r\n\r\n{"a":"`);
  pour(socket, 'x'.repeat(2 ** 16));
};

describe.each(ownBuilds)('the shim $name is not fooled, and ends in time, when the sidecar', (build) => {
  it.concurrent.for<[string, SidecarBehaviour, Behaviour?]>([
    ['hangs', () => () => {}],
    ['answers half a head', () => send('HTTP/1.1 200 OK\r\nContent-Le')],
    ['answers half a body and hangs', (port) => admin(saysLive, send(reply(200, `${live(port)}  `).slice(0, -20)))],
    ['answers half a body and closes', (port) => admin(saysLive, sendAndEnd(reply(200, live(port)).slice(0, -60)))],
    ['closes', () => (socket) => void socket.end()],
    ['resets', () => (socket) => void socket.resetAndDestroy()],
    ['sends garbage', () => send('\x16\x03\x01\x02\0\x01\0\xff\xfe')],
    ['sends a line that is no HTTP', () => send('LIVE\r\n\r\n')],
    ['sends a chunk that is none', () => send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nLIVE\r\n')],
    ['says 403 with a LIVE body', (port) => send(reply(403, live(port))), send(reply(503))],
    ['says 404 with a LIVE body', (port) => send(reply(404, live(port))), send(reply(503))],
    ['says 500 with a LIVE body', (port) => send(reply(500, live(port)))],
    ['says 500', () => send(reply(500))],
    ['says 503 LIVE', () => send(reply(503, 'LIVE\n'))],
    ['redirects', (port) => send(reply(302, live(port), `Location: http://127.0.0.1:${port}/\r\n`))],
    ['sends interim replies without end', () => (socket) => pour(socket, 'HTTP/1.1 100 Continue\r\n\r\n')],
    ['has a label that says LIVE', () => admin(saysLive, send(reply(200, label)))],
    ['is DRAINING', () => admin(send(reply(503, 'DRAINING\n')), send(reply(200, draining)))],
    ['is DRAINING in its document alone', () => admin(saysLive, send(reply(200, draining)))],
    [
      'is DRAINING in the old text format',
      () => admin(send(reply(404)), send(reply(200, 'envoy abc/1.8.0 draining 5 5 0\n'))),
    ],
    [
      'is LIVE while its status port says 503',
      (port) => admin(saysLive, send(reply(200, live(port)))),
      send(reply(503)),
    ],
    [
      'is LIVE while its status port redirects',
      (port) => admin(saysLive, send(reply(200, live(port)))),
      send(reply(302, '', 'Location: /\r\n')),
    ],
    ['is LIVE while its status port hangs', (port) => admin(saysLive, send(reply(200, live(port)))), () => {}],
    [
      'is LIVE while its status port sends garbage',
      (port) => admin(saysLive, send(reply(200, live(port)))),
      send('\0\0\0\0'),
    ],
    ['says LIVE behind an empty key', (port) => admin(saysLive, send(reply(200, `{"":${live(port)}}`)))],
    ['says LIVE inside a list', (port) => admin(saysLive, send(reply(200, `[${live(port)}]`)))],
    [
      'nests deeper than any stack',
      (port) => admin(saysLive, send(reply(200, `{"a":${'['.repeat(300_000)}`, `X: ${live(port)}\r\n`))),
    ],
    [
      'sends a head without end',
      () => (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        pour(socket, `X-A: ${'x'.repeat(1000)}\r\n`);
      },
    ],
    ['sends one header of a megabyte', () => send(reply(200, 'LIVE\n', `X: ${'x'.repeat(2 ** 20)}\r\n`))],
    [
      'sends a body without end, slowly',
      () =>
        admin(saysLive, (socket) => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n{"a":"');
          pour(socket, 'x', 10);
        }),
    ],
  ])('%s', async ([, behaviour, status], test) => {
    const { code, log } = await runAgainst(test, build, short, behaviour, status);
    expect({ code, log }).toMatchObject({ code: 69, log: expect.stringContaining('not ready in time') });
  });

  it.concurrent('sends 50 MB: what is kept of it has a limit', async (test) => {
    // Asked once, so that what is seen is one body and not the garbage of many.
    const once = ['--timeout', '3s', '--probe-timeout', '0', '--interval', '10m'];
    const [usual, { code, peakKb, log }] = await Promise.all([
      runAgainst(test, build, once, () => send(reply(503, 'PRE_INITIALIZING\n'))),
      runAgainst(test, build, once, () => admin(saysLive, fiftyMegabytes)),
    ]);
    expect({ code, log }).toMatchObject({ code: 69, log: expect.stringContaining('body larger than') });
    expect(peakKb - usual.peakKb).toBeLessThan(40 * 1024);
  });
});

describe.each(ownBuilds)('the shim $name', (build) => {
  it.concurrent('waits for a readiness address of the user although all else is ready', async (test) => {
    const ready = await serve(test, send(reply(503)));
    const server = await serve(test, admin(saysLive, send(reply(200, live(1)))));
    const addresses = [
      '--admin-url',
      `http://127.0.0.1:${server.port}`,
      '--ready-url',
      `http://127.0.0.1:${ready.port}/up`,
    ];
    const { code } = await start(test, build, [...short, ...addresses]).ended;
    expect(code).toBe(69);
    expect(ready.asked).toContain('/up');
  });
});
