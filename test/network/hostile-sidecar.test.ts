import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ownBodies } from '../helpers/bodies.ts';
import { recordedBody } from '../helpers/fixtures.ts';
import { type Behaviour, type RawServer, reply, serverInfo, startRawServer } from '../helpers/raw-sidecar.ts';
import { until } from '../helpers/until.ts';

// A sidecar that misbehaves in every way we know of, on real sockets. Never is it taken for ready, and never does the
// shim outlast its limits: each row ends by itself, with the exit code that says so.

const stopAll: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stopAll.splice(0).reverse()) await stop();
});

const onStop = async (server: Promise<RawServer>): Promise<RawServer> => {
  const started = await server;
  stopAll.push(() => started.stop());
  return started;
};

const send =
  (...texts: string[]): Behaviour =>
  (socket) =>
    void texts.map((text) => socket.write(text, 'latin1'));
const sendAndEnd =
  (text: string): Behaviour =>
  (socket) =>
    void socket.end(text, 'latin1');

/** Writes without end, as fast or as slowly as the reader takes it, until the connection ends. */
function pour(socket: Socket, piece: string, pauseMs = 0): void {
  const next = (): void => {
    if (socket.destroyed) return;
    if (pauseMs > 0) {
      socket.write(piece, 'latin1');
      setTimeout(next, pauseMs);
    } else if (socket.write(piece, 'latin1')) setImmediate(next);
    else socket.once('drain', next);
  };
  next();
}

/** By path: what /ready, /server_info and /stats get. */
const admin =
  (ready: Behaviour, info: Behaviour, stats: Behaviour = send(reply(404))): Behaviour =>
  (socket, path) => {
    const behaviour = path === '/ready' ? ready : path === '/server_info' ? info : stats;
    behaviour(socket, path);
  };

const live = (statusPort: number) => serverInfo('LIVE', statusPort);
const saysLive = send(reply(200, 'LIVE\n'));
const startedWorkers = send(reply(200, 'listener_manager.workers_started: 1\n'));
const drip =
  (text: string): Behaviour =>
  (socket) => {
    let position = 0;
    const next = (): void => {
      if (socket.destroyed || position >= text.length) return;
      socket.write(text[position++] as string, 'latin1', () => setImmediate(next));
    };
    next();
  };
const fiftyMegabytes: Behaviour = (socket) => {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${50 * 2 ** 20}\r\n\r\n{"a":"`);
  pour(socket, 'x'.repeat(2 ** 16));
};

/** For a sidecar that must not be taken for ready: the wait runs out. */
const short = ['--timeout', '600ms', '--probe-timeout', '200ms'];
/** For one that will be ready, however slow the machine. */
const generous = ['--timeout', '60s', '--probe-timeout', '30s'];

interface Run {
  /** The exit code; the app's own is 42. */
  code: number;
  log: string;
  /** VmHWM in kB, as last seen. */
  peakKb: number;
}

describe.each(ownBodies)('the shim $name', ({ command: [program = '', ...bodyArgs] }) => {
  function start(args: readonly string[], env: Record<string, string> = {}) {
    const app = ['--', '/bin/sh', '-c', 'exit 42'];
    const child = spawn(program, [...bodyArgs, '--mode', 'required', '--supervise', ...args, ...app], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    stopAll.push(() => void child.kill('SIGKILL'));
    let log = '';
    let peakKb = 0;
    child.stderr.on('data', (bytes) => {
      log += String(bytes);
    });
    const watch = setInterval(() => {
      try {
        const [, peak] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
        peakKb = Math.max(peakKb, Number(peak ?? 0));
      } catch {
        // it has ended
      }
    }, 20);
    const ended = new Promise<Run>((resolve) => {
      child.on('close', (code) => {
        clearInterval(watch);
        resolve({ code: code ?? -1, log, peakKb });
      });
    });
    return { ended, log: () => log };
  }

  /** Runs against an admin and a status server that behave so. */
  async function run(
    limits: readonly string[],
    behaviour: (statusPort: number) => Behaviour,
    status: Behaviour = send(reply(200)),
  ): Promise<Run> {
    const statusServer = await onStop(startRawServer(status));
    const adminServer = await onStop(startRawServer(behaviour(statusServer.port)));
    return start([...limits, '--admin-url', `http://127.0.0.1:${adminServer.port}`]).ended;
  }

  const label = recordedBody('istio-1.31_envoy-1.40.server_info.PRE_INITIALIZING_with_label_state_LIVE.json');
  const draining = recordedBody('istio-1.31_envoy-1.40.server_info.DRAINING.http');

  describe('is not fooled, and ends in time, when the sidecar', () => {
    it.each<[string, (statusPort: number) => Behaviour, Behaviour?]>([
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
    ])('%s', async (_, behaviour, status) => {
      const { code, log } = await run(short, behaviour, status);
      expect({ code, log }).toMatchObject({ code: 69, log: expect.stringContaining('not ready in time') });
    });

    it('sends 50 MB: what is kept of it has a limit', async () => {
      // Asked once, so that what is seen is one body and not the garbage of many.
      const once = ['--timeout', '3s', '--probe-timeout', '0', '--interval', '10m'];
      const usual = await run(once, () => send(reply(503, 'PRE_INITIALIZING\n')));
      const { code, peakKb, log } = await run(once, () => admin(saysLive, fiftyMegabytes));
      expect({ code, log }).toMatchObject({ code: 69, log: expect.stringContaining('body larger than') });
      expect(peakKb - usual.peakKb).toBeLessThan(40 * 1024);
    });
  });

  describe('starts the app when the sidecar, in its odd way, is ready: it', () => {
    it.each<[string, (statusPort: number) => Behaviour]>([
      ['is as usual', (port) => admin(saysLive, send(reply(200, live(port))))],
      [
        'speaks HTTP/1.0 without a length',
        (port) =>
          admin(sendAndEnd('HTTP/1.0 200 OK\r\n\r\nLIVE\n'), sendAndEnd(`HTTP/1.0 200 OK\r\n\r\n${live(port)}`)),
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
              reply(
                200,
                JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(live(port)) as object).reverse())),
              ),
            ),
          ),
      ],
      ['speaks the old text format', () => admin(send(reply(404)), send(reply(200, 'envoy abc/1.8.0 live 5 5 0\n')))],
      [
        'is no Istio',
        () => admin(saysLive, send(reply(200, '{"state":"LIVE","node":{"id":"front"}}')), startedWorkers),
      ],
      [
        'closes each connection after the reply',
        (port) => (socket, path) => void socket.end(path === '/ready' ? reply(200, 'LIVE') : reply(200, live(port))),
      ],
    ])('%s', async (_, behaviour) => {
      const { code, log } = await run(generous, behaviour);
      expect({ code, log }).toMatchObject({ code: 42, log: expect.stringContaining('ready after') });
    });

    it.each(['127.0.0.1', '::1'])('listens on %s only', async (host) => {
      const status = await onStop(startRawServer(send(reply(200)), host));
      const server = await onStop(startRawServer(admin(saysLive, send(reply(200, live(status.port)))), host));
      const { code, log } = await start([
        ...generous,
        '--admin-url',
        `http://localhost:${server.port}`,
        '--ready-url',
        `http://localhost:${status.port}/`,
      ]).ended;
      expect({ code, log }).toMatchObject({ code: 42 });
    });
  });

  it('waits for a readiness address of the user although all else is ready', async () => {
    const ready = await onStop(startRawServer(send(reply(503))));
    const server = await onStop(startRawServer(admin(saysLive, send(reply(200, live(1))))));
    const wait = start([
      ...short,
      '--admin-url',
      `http://127.0.0.1:${server.port}`,
      '--ready-url',
      `http://127.0.0.1:${ready.port}/up`,
    ]);
    const { code } = await wait.ended;
    expect(code).toBe(69);
    expect(ready.asked).toContain('/up');
  });

  it('sees a sidecar go away and come back', async () => {
    const status = await onStop(startRawServer(send(reply(503))));
    const first = await startRawServer(admin(saysLive, send(reply(200, live(status.port)))));
    const { ended, log } = start([...generous, '--admin-url', `http://127.0.0.1:${first.port}`]);
    await until('the sidecar to be asked for its status', () => status.asked.length > 0);
    await first.stop();
    await until('its absence to be seen', () => log().includes('ECONNREFUSED'));
    status.behave(send(reply(200)));
    await onStop(startRawServer(admin(saysLive, send(reply(200, live(status.port)))), '127.0.0.1', first.port));
    await expect(ended).resolves.toMatchObject({ code: 42 });
  });
});
