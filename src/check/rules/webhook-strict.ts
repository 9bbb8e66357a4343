import { permitPlain, refusedCalls, strictBy } from './shared/permit-plain.ts';
import type { Rule } from './shared/rule.ts';

export const webhookStrict: Rule = {
  id: 'webhook-strict',
  severity: 'error',
  title: 'A webhook, an APIService or a conversion whose port is STRICT',
  why: 'The API server is no client of the mesh: it calls with TLS of its own and has no certificate of the mesh. A STRICT port refuses it, and with a webhook that must not fail nothing of its kind can be created any more.',
  fix: "PERMISSIVE for that container port (`portLevelMtls`), or the port in `traffic.sidecar.istio.io/excludeInboundPorts`: the app's own TLS authenticates it.",
  docs: [
    'It follows `clientConfig.service` of ValidatingWebhookConfigurations, MutatingWebhookConfigurations and conversions of CustomResourceDefinitions, and `service` of APIServices, to Services and pods in the files. Webhooks by `url` are left out.',
  ],
  *check(cluster) {
    for (const [call, target] of refusedCalls(cluster, 'api-server')) {
      const { kind, name } = target.workload.object;
      yield {
        object: call.object,
        path: call.path,
        message: `The API server cannot call ${call.to}: port ${target.number} of ${kind} ${name} is STRICT${strictBy(target)}, so ${call.consequence}.`,
        restsOn: target.accepted.restsOn,
        fix: permitPlain(cluster, target, `accept the API server's own TLS on container port ${target.number}`),
      };
    }
  },
};
