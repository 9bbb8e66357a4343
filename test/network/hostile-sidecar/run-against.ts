import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'vitest';
import type { Build } from '../../helpers/builds.ts';
import { type Behaviour, type RawServer, reply, startRawServer } from '../../helpers/raw-sidecar.ts';
import { type SidecarBehaviour, send } from './behaviours.ts';

// The tests of this folder run side by side, so everything belongs to a test by its context.

export interface Run {
  /** The exit code; the app's own is 42. */
  readonly code: number;
  readonly log: string;
  /** VmHWM in kB, as last seen. */
  readonly peakKb: number;
}

/** For a sidecar that must not be taken for ready: the wait runs out. */
export const short = ['--timeout', '600ms', '--probe-timeout', '200ms'];
/** For one that will be ready, however slow the machine. */
export const generous = ['--timeout', '60s', '--probe-timeout', '30s'];

/** A server that ends with the test. */
export async function serve(test: TestContext, behaviour: Behaviour, host?: string, port?: number): Promise<RawServer> {
  const server = await startRawServer(behaviour, host, port);
  test.onTestFinished(() => server.stop());
  return server;
}

/** Starts the shim with an app that ends with 42. */
export function start(test: TestContext, { command: [program = '', ...first] }: Build, args: readonly string[]) {
  const app = ['--', '/bin/sh', '-c', 'exit 42'];
  const child = spawn(program, [...first, '--mode', 'required', '--supervise', ...args, ...app], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  test.onTestFinished(() => void child.kill('SIGKILL'));
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

/** Runs the shim against an admin and a status server that behave so. */
export async function runAgainst(
  test: TestContext,
  build: Build,
  limits: readonly string[],
  behaviour: SidecarBehaviour,
  status: Behaviour = send(reply(200)),
): Promise<Run> {
  const statusServer = await serve(test, status);
  const adminServer = await serve(test, behaviour(statusServer.port));
  return start(test, build, [...limits, '--admin-url', `http://127.0.0.1:${adminServer.port}`]).ended;
}
