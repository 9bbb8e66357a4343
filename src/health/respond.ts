import { type HealthEndpoint, type HealthReport, healthEndpoints } from './report.ts';

export interface HealthRequest {
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly url: string;
  readonly accept: string;
}

export interface HealthReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The path of each endpoint. */
export interface HealthPaths {
  /**
   * Whether the process is worth keeping.
   *
   * Must be a path that begins with / and has no query. Default: `'/livez'`.
   */
  readonly livez: string;
  /**
   * Whether traffic is welcome.
   *
   * Must be a path that begins with / and has no query. Default: `'/readyz'`.
   */
  readonly readyz: string;
  /**
   * Whether the start is over.
   *
   * Must be a path that begins with / and has no query. Default: `'/startupz'`.
   */
  readonly startupz: string;
}

/** The question that a request asks, or the reply to a request that asks none. */
export function route({ method, url }: HealthRequest, paths: HealthPaths): HealthEndpoint | HealthReply {
  const path = url.split('?', 1)[0];
  const endpoint = healthEndpoints.find((candidate) => paths[candidate] === path);
  if (endpoint === undefined) return reply(404, `not found; ask ${Object.values(paths).join(', ')}\n`);
  if (method !== 'GET' && method !== 'HEAD') return reply(405, 'use GET or HEAD\n', { allow: 'GET, HEAD' });
  return endpoint;
}

/** 200 or 503, a line of text for people, JSON for who asks for it by `Accept` or `?format=json`. */
export function replyToReport(report: HealthReport, { url, accept }: HealthRequest): HealthReply {
  const status = report.ok ? 200 : 503;
  if (accept.includes('application/json') || /[?&]format=json(&|$)/.test(url)) {
    return reply(status, `${JSON.stringify(report)}\n`, { 'content-type': 'application/json' });
  }
  return reply(status, report.ok ? 'ok\n' : `${explain(report)}\n`);
}

function explain({ state, checks }: HealthReport): string {
  const failed = Object.entries(checks).filter(([, { ok }]) => !ok);
  if (failed.length === 0) return `not ok: ${state}`;
  return `not ok: ${failed.map(([name, { message }]) => (message ? `${name} (${message})` : name)).join(', ')}`;
}

/** No reply may be stored: each probe is to see the truth of its moment. */
export function reply(status: number, body: string, headers: Record<string, string> = {}): HealthReply {
  return {
    status,
    body,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': String(new TextEncoder().encode(body).length),
      'cache-control': 'no-store',
      ...headers,
    },
  };
}
