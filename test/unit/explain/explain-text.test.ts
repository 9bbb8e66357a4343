import { describe, expect, it } from 'vitest';
import { allRules } from '../../../src/check/rules/index.ts';
import { explainFlag, explainText, nearestFlag } from '../../../src/explain/explain-text.ts';
import { guidanceByFlag } from '../../../src/explain/guidance.ts';
import { statuses } from '../../../src/explain/statuses.ts';
import { describeResponseFlag, responseFlags } from '../../../src/mesh/replies/response-flags.ts';
import { envoyLine, istioLine, tcpLine } from '../../fixtures/access-log-lines.ts';

describe('the tables', () => {
  it('know where to look for each flag that can be explained, and for no other', () => {
    expect([...guidanceByFlag.keys()]).toEqual(responseFlags.map(({ flag }) => flag));
    for (const [flag, { look }] of guidanceByFlag) expect(look, flag).not.toEqual([]);
  });

  it('point at flags and rules that exist only', () => {
    const ids = allRules.map(({ id }) => id);
    expect([...guidanceByFlag.values()].flatMap(({ rules }) => rules).filter((id) => !ids.includes(id))).toEqual([]);
    const named = [...statuses.values()].flatMap(({ flags }) => flags);
    expect(named.filter((flag) => !guidanceByFlag.has(flag))).toEqual([]);
  });
});

describe('a flag', () => {
  it('what it means, its causes, where to look, and the rules that find it', () => {
    const { meaning, causes } = describeResponseFlag('UH');
    const { look } = guidanceByFlag.get('UH') ?? { look: [] };
    expect(explainText('UH')).toBe(
      [
        `UH (NoHealthyUpstream): ${meaning}`,
        'Usual causes, most frequent first:',
        `  1. ${causes[0]}`,
        `  2. ${causes[1]}`,
        `  3. ${causes[2]}`,
        'Look at:',
        `  1. ${look[0]}`,
        `  2. ${look[1]}`,
        `  3. ${look[2]}`,
        'Find it in manifests: mesh-shim check --only headless-not-ready,pa-port PATH',
        '',
      ].join('\n'),
    );
  });

  it('that no rule finds, and one that only an extension of Envoy has', () => {
    expect(explainFlag('URX')).toBe(
      [
        'URX (UpstreamRetryLimitExceeded): The sidecar has used up its retries, and the last try failed too.',
        'Usual causes, most frequent first:',
        '  1. the service was down for longer than the sidecar retries',
        'Look at:',
        '  1. the other flag of the line: it says how the last try failed',
        '',
      ].join('\n'),
    );
    for (const flag of ['XYZ', 'constructor', '__proto__']) {
      expect(explainFlag(flag)).toBe(
        [
          `${flag} (${flag}): Envoy set the flag ${flag}, which mesh-shim does not know.`,
          'Look at:',
          "  1. the sidecar's log (mesh-shim log-level debug --for 5m)",
          '',
        ].join('\n'),
      );
    }
  });

  it.each(responseFlags.map(({ flag }) => flag))('%s', (flag) => {
    expect(explainText(flag)).toBe(explainFlag(flag));
    expect(explainText(` ${flag.toLowerCase()}\n`)).toBe(explainFlag(flag));
  });

  it('or several, when all of them are flags', () => {
    expect(explainText('UF,URX')).toBe(`${explainFlag('UF')}\n${explainFlag('URX')}`);
    for (const text of ['UF,XX', 'XX,UF', 'UF,', 'UF URX', 'UF,U', 'U', 'constructor']) {
      expect(explainText(text)).toBeUndefined();
    }
  });

  it('that is misspelt is near another', () => {
    expect(nearestFlag('UFX')).toBe('UF');
    expect(nearestFlag('UMSRD')).toBe('UMSDR');
    expect(nearestFlag('hello')).toBeUndefined();
  });
});

describe('a status', () => {
  it('with several flags, with one, and with none', () => {
    const hint = 'The flag is in the access log, the reason in the body; it is one of these:';
    const meaning = (status: number) => `${status}: ${statuses.get(status)?.meaning}`;
    expect(explainText('504')).toBe([meaning(504), hint, '', explainFlag('UT'), explainFlag('UMSDR')].join('\n'));
    expect(explainText('429')).toBe([meaning(429), '', explainFlag('RL')].join('\n'));
    expect(explainText('401')).toBe(`${meaning(401)}\n`);
  });

  it.each([...statuses.keys()])('%s', (status) => {
    expect(explainText(` ${status} `)).toMatch(new RegExp(`^${status}: `));
  });

  it('that says nothing, and numbers that are none', () => {
    for (const text of ['299', '999', '50', '5030', '503x', 'x503', '-503']) expect(explainText(text)).toBeUndefined();
  });
});

describe('a line of an access log', () => {
  it('with all that it says, and its flags', () => {
    expect(explainText(istioLine)).toBe(
      [
        'GET /a HTTP/1.1, status 503, to outbound|80||web.shop.svc.cluster.local, at 2026-11-24T10:00:00.000Z',
        'Envoy says: upstream_reset_before_response_started{remote_connection_failure}',
        'Transport failure: delayed_connect_error:_111',
        '',
        explainFlag('UF'),
        explainFlag('URX'),
      ].join('\n'),
    );
    expect(explainText(tcpLine)).toBe(
      [
        'a TCP connection, to outbound|5432||db.shop, at 2026-11-24T10:00:02.000Z',
        '',
        explainFlag('UF'),
        explainFlag('URX'),
      ].join('\n'),
    );
    expect(explainText('{"response_flags":"constructor"}')).toBe(`a TCP connection\n\n${explainFlag('constructor')}`);
  });

  it('without a flag: the answer came from the service, or nothing went wrong', () => {
    const fromService = istioLine.replace('UF,URX', '-').replace(/503 - \S+/, '503 - via_upstream');
    expect(explainText(fromService)).toMatch(/\n\nNo response flag: the status 503 came from the service itself\.\n$/);
    const unknown = tcpLine.replace('UF,URX -', '- via_upstream');
    expect(explainText(unknown)).toMatch(/\n\nNo response flag: the answer came from the service itself\.\n$/);
    const fine = envoyLine.replace(' UT ', ' - ');
    expect(explainText(fine)).toBe(
      'POST /b HTTP/2, status 504, to 10.0.0.9:80, at 2026-11-24T10:00:01.000Z\n\nNo response flag: nothing went wrong in the mesh.\n',
    );
  });
});

describe('the body of a reply', () => {
  const reset = 'upstream connect error or disconnect/reset before headers. reset reason: ';
  const said = (text: string) => explainText(text)?.split('\n')[1];

  it('what it says, whether the request arrived, whether to retry, and its flag', () => {
    expect(explainText(`${reset}connection termination`)?.split('\n').slice(1)).toEqual([
      'Reached the application: maybe. Retry: if the request is idempotent.',
      '',
      ...explainFlag('UC').split('\n'),
    ]);
  });

  it('that has no flag', () => {
    expect(explainText('RBAC: access denied')).toBe(
      "An AuthorizationPolicy denies the request: allow this workload's service account.\nReached the application: no. Retry: no.",
    );
    for (const text of ['Jwt is missing', 'Jwks remote fetch is failed', 'Audiences in Jwt are not allowed']) {
      expect(explainText(text)).toBe(
        'The token of the request was refused: send a valid one.\nReached the application: no. Retry: no.',
      );
    }
    for (const text of ['Missing Jwt', 'Jwtx is missing', 'Audiences in RBAC'])
      expect(explainText(text)).toBeUndefined();
    expect(explainText(`${reset}something new`)).toMatch(/^The sidecar lost the request .*\(something new\)\./);
  });

  it('in words for each verdict', () => {
    expect(said(`${reset}remote connection failure`)).toBe('Reached the application: no. Retry: yes, any method.');
    expect(said('no healthy upstream')).toBe(
      "Reached the application: no, with Istio's default retry policy. Retry: yes, any method.",
    );
    expect(said(`${reset}protocol error`)).toBe(
      'Reached the application: yes. Retry: once, if the request is idempotent.',
    );
    expect(said('local_rate_limited')).toBe(
      'Reached the application: no. Retry: after the time that a Retry-After header gives, if there is one.',
    );
  });

  it('that nobody knows', () => {
    for (const text of ['', ' \n', 'hello world', 'OK', 'Bad Gateway']) expect(explainText(text)).toBeUndefined();
  });
});
