import { isAbsent, type Observation } from '../ask/question.ts';
import { causeOf, describeObservation, type Gate, type GateKind, gateKind, notYet } from './gate.ts';
import type { WaitTarget } from './target.ts';

/** Open when one address says yes to one question. */
export function createEndpointGate({ question, ...kind }: WaitTarget & GateKind): Gate {
  let isClosed = false;
  return {
    ...gateKind(kind),
    next: () => question,
    closedPorts: () => (isClosed ? [question.endpoint] : []),
    observe(observation) {
      isClosed = isAbsent(observation);
      const said = describeObservation(question, observation);
      return saysYes(observation) ? { kind: 'ready', proof: said } : notYet(said, causeOf(observation));
    },
  };
}

function saysYes(observation: Observation): boolean {
  switch (observation.kind) {
    case 'reply':
      // Redirects are not followed: what they lead to is another server's word.
      return observation.status >= 200 && observation.status < 300;
    case 'connected':
      return true;
    case 'spoken':
      return observation.ready;
    case 'failed':
      return false;
  }
}
