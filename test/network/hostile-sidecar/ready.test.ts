import { describe, expect, it } from 'vitest';
import { ownBuilds } from '../../helpers/builds.ts';
import { freePort } from '../../helpers/free-port.ts';
import { reply, startRawServer } from '../../helpers/raw-sidecar.ts';
import { until } from '../../helpers/until.ts';
import { admin, drip, live, type SidecarBehaviour, saysLive, send, sendAndEnd, startedWorkers } from './behaviours.ts';
import { generous, runAgainst, serve, start } from './run-against.ts';

describe.each(ownBuilds)('the shim $name starts the app when the sidecar, in its odd way, is ready: it', (build) => {
  it.concurrent.for<[string, SidecarBehaviour]>([
    ['is as usual', (port) => admin(saysLive, send(reply(200, live(port))))],
    [
      'speaks HTTP/1.0 without a length',
      (port) => admin(sendAndEnd('HTTP/1.0 200 OK\r\n\r\nLIVE\n'), sendAndEnd(`HTTP/1.0 200 OK\r\n\r\n${live(port)}`)),
    ],
    [
      'sends chunks of 1 byte',
      (port) =>
        admin(
          saysLive,
          send(
            `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${[...live(port)].map((char) => `1\r\n${char}\r\n`).join('')}0\r\n\r\n`,
          ),
        ),
    ],
    ['sends byte by byte', (port) => admin(saysLive, drip(reply(200, live(port))))],
    [
      'has its keys in another order',
      (port) =>
        admin(
          saysLive,
          send(
            reply(200, JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(live(port)) as object).reverse()))),
          ),
        ),
    ],
    ['speaks the old text format', () => admin(send(reply(404)), send(reply(200, 'envoy abc/1.8.0 live 5 5 0\n')))],
    ['is no Istio', () => admin(saysLive, send(reply(200, '{"state":"LIVE","node":{"id":"front"}}')), startedWorkers)],
    [
      'closes each connection after the reply',
      (port) => (socket, path) => void socket.end(path === '/ready' ? reply(200, 'LIVE') : reply(200, live(port))),
    ],
  ])('%s', async ([, behaviour], test) => {
    const { code, log } = await runAgainst(test, build, generous, behaviour);
    expect({ code, log }).toMatchObject({ code: 42, log: expect.stringContaining('ready after') });
  });

  it.concurrent.for(['127.0.0.1', '::1'])('listens on %s only', async (host, test) => {
    const status = await serve(test, send(reply(200)), host);
    const server = await serve(test, admin(saysLive, send(reply(200, live(status.port)))), host);
    const addresses = [
      ...['--admin-url', `http://localhost:${server.port}`],
      ...['--ready-url', `http://localhost:${status.port}/`],
    ];
    const { code, log } = await start(test, build, [...generous, ...addresses]).ended;
    expect({ code, log }).toMatchObject({ code: 42 });
  });

  it.concurrent('goes away and comes back', async (test) => {
    const status = await serve(test, send(reply(503)));
    const behaviour = admin(saysLive, send(reply(200, live(status.port))));
    // Nobody else takes such a port while the sidecar is away.
    const first = await startRawServer(behaviour, '127.0.0.1', await freePort());
    const { ended, log } = start(test, build, [...generous, '--admin-url', `http://127.0.0.1:${first.port}`]);
    await until('the sidecar to be asked for its status', () => status.asked.length > 0);
    await first.stop();
    await until('its absence to be seen', () => log().includes('ECONNREFUSED'));
    status.behave(send(reply(200)));
    await serve(test, behaviour, '127.0.0.1', first.port);
    await expect(ended).resolves.toMatchObject({ code: 42 });
  });
});
