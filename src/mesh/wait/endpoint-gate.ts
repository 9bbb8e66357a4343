import type { Endpoint } from '../ask/endpoint.ts';
import type { ProtocolCheck } from '../ask/protocol-checks/protocol-check.ts';
import { isAbsent } from '../ask/question.ts';
import { describeObservation, type Gate, notYet } from './gate.ts';

/** Ready when an HTTP address says 2xx. Redirects are not followed: what they lead to is another server's word. */
export function createHttpGate(subject: string, endpoint: Endpoint): Gate {
  const question = { kind: 'status', endpoint } as const;
  return {
    subject,
    next: () => question,
    observe(observation) {
      const said = describeObservation(question, observation);
      if (observation.kind === 'reply' && observation.status >= 200 && observation.status < 300) {
        return { kind: 'ready', proof: said };
      }
      return notYet(said, isAbsent(observation));
    },
  };
}

/**
 * Ready when something accepts a connection. Behind a running sidecar every TCP connection is accepted by the sidecar
 * itself, so this proves something about local addresses and unix sockets only.
 */
export function createConnectGate(subject: string, endpoint: Endpoint): Gate {
  const question = { kind: 'connect', endpoint } as const;
  return {
    subject,
    next: () => question,
    observe(observation) {
      const said = describeObservation(question, observation);
      return observation.kind === 'connected' ? { kind: 'ready', proof: said } : notYet(said, isAbsent(observation));
    },
  };
}

/** Ready when a server answers in its own protocol that it takes clients. */
export function createProtocolGate(endpoint: Endpoint, check: ProtocolCheck): Gate {
  const question = { kind: 'protocol', endpoint, check } as const;
  return {
    subject: endpoint.text,
    next: () => question,
    observe(observation) {
      const said = describeObservation(question, observation);
      const ready = observation.kind === 'spoken' && observation.ready;
      return ready ? { kind: 'ready', proof: said } : notYet(said, isAbsent(observation));
    },
  };
}
