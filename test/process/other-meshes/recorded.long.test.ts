import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';
import { fixtureBytes } from '../../helpers/fixtures.ts';
import { longServerMissing } from '../../helpers/long-servers.ts';
import { recordedReply } from '../../helpers/other-meshes.ts';
import {
  allowList,
  cloudSqlProxyPorts,
  daprdPorts,
  isReady,
  type SidecarPorts,
  startCloudSqlProxy,
  startDaprd,
} from '../../helpers/real-sidecars.ts';
import type { Running } from '../../helpers/run-shim.ts';

// Profiles, and the tests that run without these programs, go by what was recorded: here it is compared with what they say.

interface Situation {
  readonly start: (ports: SidecarPorts) => Promise<Running>;
  /** What was recorded, in the order in which it is asked. */
  readonly samples: readonly string[];
}

const missing = '127.0.0.1:1';
const daprd: Record<string, Situation> = {
  alone: {
    start: (ports) => startDaprd(ports),
    samples: ['healthz-no-app-port', 'outbound-no-app-port', 'unknown-path', 'shutdown-GET', 'shutdown-POST'],
  },
  'with an app that is not up': {
    start: (ports) => startDaprd(ports, { flags: ['--app-port', '1'] }),
    samples: ['healthz-app-not-up', 'outbound-app-not-up'],
  },
  'with a control plane that cannot be reached': {
    start: (ports) =>
      startDaprd(ports, { flags: ['--placement-host-address', missing, '--scheduler-host-address', missing] }),
    samples: ['healthz-placement-unreachable', 'outbound-placement-unreachable'],
  },
  'with a token': {
    start: (ports) => startDaprd(ports, { token: 's3cret' }),
    samples: ['outbound-with-api-token', 'shutdown-401-api-token', 'shutdown-with-token'],
  },
  'with an allow list': {
    start: (ports) => startDaprd(ports, allowList(['state'])),
    samples: ['outbound-api-allowed', 'shutdown-api-allowed'],
  },
};
const cloudSqlProxy: Record<string, Situation> = {
  'with all': {
    start: (ports) => startCloudSqlProxy(ports),
    samples: ['startup-ready', 'readiness-ready', 'liveness', 'quit-200'],
  },
  'with --debug alone': {
    start: (ports) => startCloudSqlProxy(ports, ['--health-check', '--debug']),
    samples: ['admin-other-path', 'quit-404-debug-only'],
  },
  'with --prometheus alone': {
    start: (ports) => startCloudSqlProxy(ports, ['--prometheus']),
    samples: ['startup-404-prometheus-only'],
  },
};

async function compare(folder: string, { start, samples }: Situation, ports: SidecarPorts, readyPath: string) {
  await start(ports);
  await isReady(`http://127.0.0.1:${ports.ready}${readyPath}`);
  for (const name of samples) {
    const { status, body } = recordedReply(`${folder}/${name}`);
    const look = async () =>
      expect(await askAsRecorded(`${folder}/${name}`, ports), name).toEqual({ status, body: withoutNames(body) });
    // What waits for more than readiness may say so a moment later; a quit is sent once.
    await (name.startsWith('healthz') ? vi.waitFor(look, { timeout: 30_000 }) : look());
  }
}

/** Which parts of daprd are not ready differs from version to version, and so does their order. */
function withoutNames(body: string): string {
  return body.replace(/(?<=is not ready: )\[.+?\]/, '[...]');
}

/** Asks what the first line of a recording says, at the port that takes the place of the recorded one. */
async function askAsRecorded(sample: string, { ready, quit }: SidecarPorts) {
  const [line = ''] = fixtureBytes(`other-meshes/${sample}.http`).split('\n');
  const asked = /^# (?<method>[A-Z]+) \S+:(?<port>\d+)(?<path>\/\S*)( with the header (?<name>\S+): (?<value>\S+))?$/;
  const { method, port, path, name, value } = asked.exec(line)?.groups ?? {};
  const headers = name === undefined || value === undefined ? {} : { [name]: value };
  const outgoing = request({
    ...{ host: '127.0.0.1', port: port === '9091' ? quit : ready, agent: false },
    ...{ method, path, headers },
  }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: withoutNames(await text(response)) };
}

function recordedOf(folder: string): string[] {
  const files = readdirSync(new URL(`../../fixtures/other-meshes/${folder}`, import.meta.url));
  return files.map((file) => file.replace('.http', '')).toSorted();
}

describe.skipIf(longServerMissing('daprd'))('daprd says what was recorded of it', () => {
  test.each(Object.entries(daprd))('%s', async (_, situation) => {
    await compare('dapr', situation, await daprdPorts(), '/v1.0/healthz/outbound');
  });
});

describe.skipIf(longServerMissing('cloud-sql-proxy'))('the Cloud SQL Auth Proxy says what was recorded of it', () => {
  test.each(Object.entries(cloudSqlProxy))('%s', async (title, situation) => {
    const path = title.includes('prometheus') ? '/metrics' : '/startup';
    await compare('cloud-sql-proxy', situation, await cloudSqlProxyPorts(), path);
  });
});

test('all that was recorded is compared, but for who is not there', () => {
  const compared = (situations: Record<string, Situation>) => Object.values(situations).flatMap((one) => one.samples);
  expect(compared(daprd).toSorted()).toEqual(recordedOf('dapr'));
  expect([...compared(cloudSqlProxy), 'startup-before'].toSorted()).toEqual(recordedOf('cloud-sql-proxy'));
});
