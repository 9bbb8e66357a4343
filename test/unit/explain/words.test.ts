import { describe, expect, it } from 'vitest';
import { explainText } from '../../../src/explain/explain-text.ts';
import { answerJson } from '../../../src/explain/words/answer-json.ts';
import { answerText } from '../../../src/explain/words/answer-text.ts';
import { fill, fillCommand, shown } from '../../../src/explain/words/fill.ts';
import { plainPaint } from '../../../src/explain/words/paint.ts';
import { istioLine } from '../../fixtures/explain/lines.ts';

const told = (text: string, width = 80) => {
  const explained = explainText(text);
  if (explained === undefined) throw new Error(`not explained: ${text}`);
  return answerText(explained, { width, paint: plainPaint });
};

describe('an answer', () => {
  it('has the cause first, how sure it is, what to do, what else it may be, rules and a page', () => {
    const line = istioLine({ flags: 'UF', transport: 'delayed connect error: 111' });
    expect(told(line)).toBe(
      [
        'Nobody listens at 10.0.0.1:8080: web.shop.svc.cluster.local refused the',
        'connection; its pod is starting, stopping or crashed, or the port is wrong.',
        '',
        '  Is     GET /a HTTP/1.1, status 503, UF, to',
        '         outbound|80||web.shop.svc.cluster.local, at 2026-11-24T10:00:00.000Z',
        '  Sure   certain: the transport failure says "delayed connect error: 111"',
        '  Now    Look whether the pods of web.shop.svc.cluster.local are up; roll back',
        '         what was rolled out last.',
        '  Next   kubectl get endpointslices -n shop -l kubernetes.io/service-name=web',
        '         kubectl get pods -n shop -o wide',
        '         kubectl get service web -n shop -o yaml',
        '  Or     upstream-unreachable: when the reason is errno 113 or "No route to',
        '         host"',
        '         mtls-mismatch: when the transport failure has WRONG_VERSION_NUMBER',
        '  Check  mesh-shim check PATH --only startup-unprotected,headless-port-missing \\',
        '           --only init-outside-mesh',
        '  More   https://istio.io/latest/docs/ops/common-problems/network-issues/',
        '',
      ].join('\n'),
    );
  });

  it('to a status names each cause, and how to tell it', () => {
    const text = told('504');
    expect(text).toMatch(/^504 in a mesh is one of these/);
    expect(text).toMatch(/\n1\. The service did not answer within the timeout/);
    expect(text).toMatch(/\n {3}When: the flag is UT/);
    expect(text).not.toMatch(/[{}]/);
  });

  it('wraps at the width of the terminal', () => {
    const isLong = (line: string, width: number) =>
      line.length > width && line.trim().includes(' ') && !/kubectl|https:/.test(line);
    for (const width of [60, 80, 120]) {
      expect(
        told('503 UC', width)
          .split('\n')
          .filter((line) => isLong(line, width)),
      ).toEqual([]);
    }
    expect(told('503 UC', 120).split('\n').length).toBeLessThan(told('503 UC', 60).split('\n').length);
  });

  it('is told as JSON', () => {
    const explained = explainText('route_not_found');
    expect(explained && JSON.parse(answerJson(explained))).toMatchObject({
      cause: 'route-not-found',
      sure: 'certain',
      retry: null,
    });
    const status = explainText('503');
    expect(status && JSON.parse(answerJson(status)).candidates[0]).toMatchObject({ cause: 'upstream-connect-failed' });
  });
});

describe('facts come out of logs, and logs out of what strangers send', () => {
  it('a command takes nothing that a shell reads as more than a word', () => {
    const command = 'kubectl get pod {pod|POD} -n {namespace|NS}';
    expect(fillCommand(command, { pod: 'web-0', namespace: 'shop' })).toBe('kubectl get pod web-0 -n shop');
    for (const pod of ['$(id)', 'a;b', 'a b', '`id`', "a'b", '-o', '', 'a\nb', 'a|b', 'x'.repeat(100)]) {
      expect(fillCommand(command, { pod })).toBe('kubectl get pod POD -n NS');
    }
  });

  it('a sentence shows what would steer the terminal', () => {
    expect(fill('host {authority|x}', { authority: '\u001b[31mred\u009b' })).toBe('host \\x1b[31mred\\x9b');
    expect(shown('x'.repeat(400))).toHaveLength(303);
    const evil = istioLine({ status: 404, details: 'route_not_found', authority: '\u001b]0;x\u0007' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be sent
    expect(told(evil)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  it('a name that every object has is no fact', () => {
    expect(fill('{constructor|none} {service|host|here}', { host: 'h' })).toBe('none h');
  });
});
