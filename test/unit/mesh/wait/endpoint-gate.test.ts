import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../../src/mesh/ask/question.ts';
import { createEndpointGate } from '../../../../src/mesh/wait/endpoint-gate.ts';
import type { GateVerdict } from '../../../../src/mesh/wait/gate.ts';
import { parseTarget } from '../../../../src/mesh/wait/target.ts';

const says = (status: number): Observation => ({ kind: 'reply', status, body: '' });
const ready = (proof: string): GateVerdict => ({ kind: 'ready', proof });
const refused: Observation = { kind: 'failed', failure: 'refused', detail: 'connect ENOENT', sent: false };

describe.each<[string, [Observation, GateVerdict][]]>([
  [
    'http://db/x',
    [
      ...[200, 204, 299].map((status): [Observation, GateVerdict] => [
        says(status),
        ready(`http://db/x says ${status}`),
      ]),
      ...[199, 300, 301, 403, 503].map((status): [Observation, GateVerdict] => [
        says(status),
        { kind: 'not-yet', reason: `http://db/x says ${status}`, cause: 'says-no' },
      ]),
      [says(404), { kind: 'not-yet', reason: 'http://db/x says 404', cause: 'not-found' }],
    ],
  ],
  [
    'unix:/run/x',
    [
      [{ kind: 'connected' }, ready('unix:/run/x accepts connections')],
      [refused, { kind: 'not-yet', reason: 'unix:/run/x: connect ENOENT', cause: 'absent' }],
    ],
  ],
  [
    'redis://db:6379',
    [
      [{ kind: 'spoken', ready: true, detail: 'answers PONG' }, ready('redis://db:6379 answers PONG')],
      [
        { kind: 'spoken', ready: false, detail: 'says LOADING' },
        { kind: 'not-yet', reason: 'redis://db:6379 says LOADING', cause: 'says-no' },
      ],
      [
        { kind: 'failed', failure: 'reset', detail: 'ECONNRESET before an answer', sent: true },
        {
          kind: 'not-yet',
          reason: 'redis://db:6379 gave no usable answer: ECONNRESET before an answer',
          cause: 'no-answer',
        },
      ],
    ],
  ],
])('%s', (text, rows) => {
  it('asks the one question', () => {
    const target = parseTarget(text);
    const gate = createEndpointGate(target);
    expect(gate.subject).toBe(text);
    expect(gate.next()).toBe(target.question);
  });

  it.each(rows)('%j', (observation, verdict) => {
    expect(createEndpointGate(parseTarget(text)).observe(observation)).toEqual(verdict);
  });
});
