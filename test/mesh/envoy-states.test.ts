import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { envoyMissing, testedEnvoys } from '../helpers/envoy.ts';
import { type Sidecar, type SidecarOptions, startSidecar } from '../helpers/sidecar.ts';
import { until } from '../helpers/until.ts';

// What the other tests build on: that a real Envoy goes through its states under our hand, seen over plain HTTP.

describe.each(testedEnvoys())('Envoy %s', (version) => {
  describe.skipIf(envoyMissing(version))('under a control plane that holds its answers', () => {
    let sidecar: Sidecar;
    const start = async (options: Omit<SidecarOptions, 'version'>) => {
      sidecar = await startSidecar({ ...options, version });
    };
    afterEach(() => sidecar.stop());

    it('is PRE_INITIALIZING, INITIALIZING, LIVE, as an Istio sidecar', async () => {
      await start({ kind: 'istio' });
      expect(await state()).toBe('PRE_INITIALIZING');
      expect(await ready()).toEqual([503, 'PRE_INITIALIZING\n']);
      await expect(refused(sidecar.readyUrl)).resolves.toBe(true);

      sidecar.deliverClusters();
      await until('INITIALIZING', async () => (await state()) === 'INITIALIZING');
      expect(await ready()).toEqual([503, 'INITIALIZING\n']);
      await expect(refused(sidecar.readyUrl)).resolves.toBe(true);
      await expect(refused(sidecar.outboundUrl)).resolves.toBe(true);

      sidecar.deliverListeners();
      await until('LIVE', async () => (await state()) === 'LIVE');
      expect(await ready()).toEqual([200, 'LIVE\n']);
      await until('15021', async () => (await fetch(sidecar.readyUrl)).status === 200);
      expect(await stat('listener_manager.workers_started')).toBe(1);
      expect(await (await fetch(sidecar.outboundUrl)).text()).toBe('hello from the upstream\n');
      expect(sidecar.upstreamRequests()).toBe(1);
    });

    it('goes through the same states as a plain Envoy', async () => {
      await start({ kind: 'plain' });
      expect(await state()).toBe('PRE_INITIALIZING');
      sidecar.deliverClusters();
      await until('INITIALIZING', async () => (await state()) === 'INITIALIZING');
      expect(await stat('listener_manager.workers_started')).toBe(0);
      sidecar.deliverListeners();
      await until('LIVE', async () => (await state()) === 'LIVE');
      expect(await (await fetch(sidecar.outboundUrl)).text()).toBe('hello from the upstream\n');
    });

    it('is DRAINING after POST /healthcheck/fail, while 15021 stays 200', async () => {
      await start({ kind: 'istio' });
      sidecar.deliverClusters();
      sidecar.deliverListeners();
      await until('15021', async () => (await fetch(sidecar.readyUrl)).status === 200);
      await fetch(`${sidecar.adminUrl}/healthcheck/fail`, { method: 'POST' });
      expect(await state()).toBe('DRAINING');
      expect(await ready()).toEqual([503, 'DRAINING\n']);
      expect((await fetch(sidecar.readyUrl)).status).toBe(200);
    });

    it('says LIVE, with its workers started, when it rejected its listeners; only 15021 tells the truth', async () => {
      await start({ kind: 'istio' });
      sidecar.deliverClusters();
      sidecar.deliverRejectedListeners();
      await until('LIVE', async () => (await state()) === 'LIVE');
      // Once or, where the control plane has sent them again meanwhile, more often.
      expect(await stat('listener_manager.lds.update_rejected')).toBeGreaterThan(0);
      expect(await ready()).toEqual([200, 'LIVE\n']);
      expect(await stat('listener_manager.workers_started')).toBe(1);
      expect((await fetch(sidecar.readyUrl)).status).toBe(503);
      await expect(acceptedAndClosed(sidecar.outboundUrl)).resolves.toBe(true);
    });

    const ready = async () => {
      const response = await fetch(`${sidecar.adminUrl}/ready`);
      return [response.status, await response.text()];
    };
    const state = async () =>
      ((await (await fetch(`${sidecar.adminUrl}/server_info`)).json()) as { state: string }).state;
    const stat = async (name: string) => {
      const text = await (await fetch(`${sidecar.adminUrl}/stats?filter=^${name}$`)).text();
      return Number(text.trim().split(': ')[1]);
    };
  });
});

function refused(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
    socket.once('connect', () => resolve(socket.destroy() === undefined));
  });
}

function acceptedAndClosed(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    let accepted = false;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => {
      accepted = true;
    });
    socket.on('error', () => {});
    socket.resume().once('close', () => resolve(accepted));
  });
}
