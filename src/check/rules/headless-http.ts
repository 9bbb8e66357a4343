import { set } from '../fix/fix.ts';
import { dict, list } from '../read/values.ts';
import { statefulPairs } from './shared/headless-services.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const headlessHttp: Rule = {
  id: 'headless-http',
  severity: 'info',
  title: 'Members that call each other by pod IP on a port declared as HTTP',
  why: 'HTTP is routed by the Host header, and a pod IP is not a host that the mesh knows: the call has no route and passes through, without mTLS, retries or policies.',
  fix: 'Declare the port `tcp-...`: it is then matched by address.',
  docs: ['A member that reads its own IP (`status.podIP`) is assumed to give it to the others.'],
  *check(cluster) {
    for (const [workload, service] of statefulPairs(cluster)) {
      const byIp = workload.template.containers.some(({ data }) =>
        list(data.env).some((entry) => dict(dict(dict(entry).valueFrom).fieldRef).fieldPath === 'status.podIP'),
      );
      if (!byIp) continue;
      for (const port of service.ports) {
        if (port.protocol.handling !== 'http') continue;
        const field = port.appProtocol === undefined ? 'name' : 'appProtocol';
        yield {
          object: service.object,
          path: [...port.path, field],
          message: `Calls by pod IP to port ${port.port} have no route: they pass through without mTLS.`,
          restsOn: memberBy(workload),
          fix: {
            title: 'declare it tcp',
            certain: false,
            changes: [
              ...(port.name === undefined
                ? []
                : [
                    set(
                      service.object,
                      [...port.path, 'name'],
                      `tcp-${port.name.replace(/^(http2?|grpc)-?/, '') || port.port}`,
                    ),
                  ]),
              ...(port.appProtocol === undefined ? [] : [set(service.object, [...port.path, 'appProtocol'], 'tcp')]),
            ],
          },
        };
      }
    }
  },
};
