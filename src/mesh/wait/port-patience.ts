import type { Asker } from '../ask/asker.ts';
import type { CancelSignal } from '../ask/cancel.ts';
import type { Endpoint } from '../ask/endpoint.ts';
import type { Observation } from '../ask/question.ts';
import type { Address, Clock } from '../ask/transport.ts';
import { type Cadence, pauseAfter, pauseBetweenLooks, reasonMs } from './cadence.ts';
import type { Gate } from './gate.ts';

/**
 * Waits at the ports without which a gate cannot open. The answer of the kernel costs a part of a question, and the sidecar, whose
 * main thread has enough to do then, nothing at all. Answers whether to ask at once: because a port has opened, which is a reason
 * and no proof, or because people should hear how far it is. With `false` it has not waited: there is no such port, or it is
 * open and says no more.
 */
export function createPortPatience(
  gate: Gate,
  cadence: Cadence,
  { asker, clock, signal }: { readonly asker: Asker; readonly clock: Clock; readonly signal: CancelSignal },
  startedAt: number,
): (judged: Observation) => Promise<boolean> {
  let lookAgainAt = Number.NEGATIVE_INFINITY;
  return async (judged) => {
    const now = clock.now();
    const addresses = now < lookAgainAt ? [] : gate.closedPorts().flatMap(portsOf);
    if (addresses.length === 0 || !addresses.every(isOfThisMachine)) return false;
    const waitedMs = now - startedAt;
    const everyMs = pauseBetweenLooks(waitedMs, cadence, asker.leastLookMs);
    const forMs = Math.max(reasonMs, pauseAfter(judged, waitedMs, cadence));
    const areRefused = await asker.areRefused(addresses, everyMs, forMs, signal);
    // One that is open stays so mostly: to connect there again would be work for the sidecar.
    if (!areRefused) lookAgainAt = clock.now() + reasonMs;
    return true;
  };
}

const portsOf = ({ addresses }: Endpoint): readonly Address[] => addresses;

/** Elsewhere the answer would take its time, and cost others something. */
function isOfThisMachine(address: Address): boolean {
  return address.kind === 'tcp' && (address.host.startsWith('127.') || address.host === '::1');
}
