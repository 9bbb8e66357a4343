import { expect, it } from 'vitest';
import { answerOf } from '../../../src/explain/answer.ts';
import { explainText } from '../../../src/explain/explain-text.ts';
import { pasted, unknownTexts } from '../../fixtures/explain/pasted.ts';

it.each(pasted)('%s', (text, cause) => {
  expect(explainText(text)?.finding?.cause).toBe(cause);
});

it.each(unknownTexts)('nothing is known in %s', (text) => {
  expect(explainText(text)).toBeUndefined();
});

it('what a message names comes into the words', () => {
  const says = (text: string) => {
    const finding = explainText(text)?.finding;
    return finding === undefined ? undefined : answerOf(finding).says;
  };
  expect(says('admission webhook "a.b" denied the request: no')).toContain('The webhook a.b refused');
  expect(says("cannot bind '0.0.0.0:15021': Address already in use")).toContain('cannot bind 0.0.0.0:15021:');
  expect(says('Jwt is expired')).toContain('(JWT): Jwt is expired.');
  expect(says('rbac_access_denied_matched_policy[ns[shop]-policy[p]-rule[0]] and more')).toContain(
    'AuthorizationPolicy p',
  );
});

it('the pod that an event or a row names comes into the commands', () => {
  const facts = (text: string) => explainText(text)?.finding?.facts;
  expect(facts('Back-off restarting failed container web in pod web-0_shop(1a2b)')).toMatchObject({
    pod: 'web-0',
    podNamespace: 'shop',
  });
  expect(facts('10s  Warning  Unhealthy  pod/web-0  Liveness probe failed: timeout')).toMatchObject({ pod: 'web-0' });
  expect(facts('api-0.shop  Kubernetes  SYNCED  STALE  SYNCED  istiod-1')).toMatchObject({
    pod: 'api-0',
    podNamespace: 'shop',
  });
  // Nothing is sent where there is nothing to send.
  expect(explainText('api-0.shop  Kubernetes  SYNCED  SYNCED  SYNCED  SYNCED  NOT SENT  istiod-1')).toBeUndefined();
});

it('says whether to repeat what a proxy answered', () => {
  const retry = (text: string) => explainText(text)?.retry;
  const reset = 'upstream connect error or disconnect/reset before headers. reset reason: ';
  expect(retry(`${reset}connection termination`)).toBe('if the request is idempotent (it may have reached the app)');
  expect(retry(`${reset}remote connection failure`)).toBe('yes, any method (it did not reach the app)');
  expect(retry('rpc error: code = Unavailable desc = no healthy upstream')).toMatch(
    /^yes, any method \(with Istio's default/,
  );
  expect(retry(`${reset}protocol error`)).toBe('once, if the request is idempotent (it reached the app)');
  expect(retry('local_rate_limited')).toMatch(/^after the time of the Retry-After header/);
  expect(retry('Jwt is expired')).toBe('no (it did not reach the app)');
  expect(retry('ECONNREFUSED')).toBeUndefined();
});

it('takes a text without end in no time', () => {
  for (const piece of [
    'error ',
    'TLS_error',
    'Readiness probe failed: :',
    'reset reason:',
    '"',
    'handshake ',
    'lookup ',
  ]) {
    expect(() => explainText(piece.repeat(50_000))).not.toThrow();
  }
});
