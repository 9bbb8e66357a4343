import type { CauseId } from '../causes/index.ts';
import { clientSigns } from './client-signs.ts';
import { clusterEventSigns, exitCauses, exitPattern } from './cluster-event-signs.ts';
import type { Facts, Finding } from './finding.ts';
import { replySigns } from './reply-signs.ts';
import type { TextSign } from './text-sign.ts';

/** Events first: they quote what a client said. Then what a proxy said, which a client quotes. */
const signs: readonly TextSign[] = [...clusterEventSigns, ...replySigns, ...clientSigns];

/** One look before all others: without one of these words no sign fits. Most lines of a log have none. */
const worthALook =
  /fail|refus|reset|reject|den(?:ied|y)|err|eai_|econn|ehost|enet|enotfound|epipe|eproto|eaddr|esocket|etimedout|eof|exception|time-?d?[ _-]?out|deadline|unreach|no[ _](?:healthy|such|route)|not ready|unknown|expired|notafter|certificate|ssl|tls|san |csr|http|upstream|overload|mode|abort|limit|cluster|block_all|registry|jw(?:t|ks)|polic|stream|clos|connect|resolv|address|nxdomain|misbehav|incomplete|ping|nack|stale|probe|webhook|kill|net_admin|violat|init:|1\/2|exec|command|back|crash|istio|config|hang up|pipe|curl|goaway|calm|frame|preface|unimpl|unavail|bind|already|record|packet|valid|exit|terminated|subject|empty reply|sidecar|prematurely|ended|opentimeout|expired|removed|alternative|signal|sigkill|sigterm|iptables|zero|packet|hpe_|brokers|spiffe|\bist0|sent\b/i;

/**
 * What the words of a message mean; undefined where none of them is known. Of what a program says without worry (`quiet`)
 * only what is an event in any case counts: old releases of Istio say at level info that the proxy is not ready.
 */
export function decideText(text: string, quiet = false): Finding | undefined {
  if (!worthALook.test(text)) return undefined;
  // A message that is longer says no more, and costs.
  const head = text.length > 4_000 ? text.slice(0, 4_000) : text;
  for (const [cause, sure, pattern] of quiet ? clusterEventSigns : signs) {
    const match = pattern.exec(head);
    if (match !== null)
      return { cause, sure, because: `it says "${shortened(match[0])}"`, facts: { ...podIn(head), ...factsOf(match) } };
  }
  return quiet ? undefined : decideExit(exitPattern.exec(head)?.groups?.code);
}

/** What the exit code of a container means; undefined for one that says nothing. */
export function decideExit(code: string | undefined): Finding | undefined {
  if (code === undefined || !Object.hasOwn(exitCauses, code)) return undefined;
  const cause: CauseId = exitCauses[Number(code) as keyof typeof exitCauses];
  return { cause, sure: code === '1' ? 'possible' : 'likely', because: `the exit code is ${code}`, facts: {} };
}

/** Events name the pod: `pod/web-0`, `in pod web-0_shop(UID)`. */
function podIn(text: string): Facts {
  const [, object, name, podNamespace] =
    /\bpod\/([a-z0-9][a-z0-9.-]*)|\bin pod ([a-z0-9.-]+)_([a-z0-9-]+)/.exec(text) ?? [];
  const pod = object ?? name;
  return pod === undefined ? {} : { pod, ...(podNamespace === undefined ? {} : { podNamespace }) };
}

function factsOf(match: RegExpExecArray): Facts {
  const facts: Record<string, string> = {};
  for (const [name, value] of Object.entries(match.groups ?? {})) {
    if (value === undefined) continue;
    facts[name === 'ownPort' ? 'port' : name] = name === 'tokenReason' ? `: ${value}` : value;
  }
  return facts;
}

function shortened(text: string): string {
  return text.length > 90 ? `${text.slice(0, 60)}...${text.slice(-25)}` : text;
}
