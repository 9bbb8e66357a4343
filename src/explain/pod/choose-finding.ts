import { type CauseId, causes } from '../causes/index.ts';
import type { Finding } from '../decide/finding.ts';
import type { Explained } from '../explain-text.ts';

/**
 * Decides between the causes of a text by what the sidecar shows: the first of its findings that the text may mean, at the
 * same upstream where both name one. Undefined where it shows none of them.
 */
export function chooseFinding({ finding, candidates }: Explained, shown: readonly Finding[]): Finding | undefined {
  const others: readonly CauseId[] =
    finding === undefined ? candidates : (finding.or ?? (causes[finding.cause].or as readonly CauseId[]));
  const possible = finding === undefined ? others : [finding.cause, ...others];
  const service = finding?.facts.service;
  const fits = shown.filter(({ cause }) => possible.some((one) => one === cause || isKindOf(cause, one)));
  return (
    fits.find(({ facts }) => service === undefined || facts.service === service) ??
    (service === undefined ? fits[0] : undefined)
  );
}

/** What a flag says roughly, a counter says exactly. */
function isKindOf(exact: CauseId, rough: CauseId): boolean {
  const kinds: Partial<Record<CauseId, readonly CauseId[]>> = {
    'upstream-connect-failed': [
      'upstream-refused',
      'app-refused',
      'passthrough-refused',
      'mtls-mismatch',
      'certificate-untrusted',
      'certificate-san',
    ],
    'server-closed': ['app-closed'],
    'refused-at-start': ['sidecar-starting', 'xds-not-received', 'upstream-refused'],
    'connection-reset': ['server-closed', 'app-closed', 'strict-plaintext', 'access-denied'],
  };
  return kinds[rough]?.includes(exact) ?? false;
}
