import { remove } from '../fix/fix.ts';
import { dict, type Path, texts } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

const injection = 'istio-injection';
const revision = 'istio.io/rev';
const mode = 'istio.io/dataplane-mode';

export const injectNamespaceClash: Rule = {
  id: 'inject-namespace-clash',
  severity: 'warning',
  title: 'A namespace with two labels that ask for different things of the mesh',
  why: 'istio-injection wins over istio.io/rev: the pods get the default revision, or no sidecar at all where no default revision is installed, and not the one that istio.io/rev names. A label that asks for sidecars wins over `istio.io/dataplane-mode: ambient`: ztunnel leaves pods with a sidecar alone.',
  fix: 'One of the two.',
  docs: ['Silent for `istio-injection: disabled`: that is how a namespace opts out, whatever else it says.'],
  *check(cluster) {
    for (const object of cluster.ofKind('Namespace')) {
      const labels = texts(dict(object.data.metadata).labels);
      if (labels[injection] !== undefined && labels[injection] !== 'enabled') continue;
      const clash = (path: Path, message: string, title: string) => {
        return { object, path, message, fix: { title, certain: false, changes: [remove(object, path)] } };
      };
      const label = (name: string): Path => ['metadata', 'labels', name];
      if (labels[injection] !== undefined && labels[revision] !== undefined) {
        const message = `istio-injection: ${labels[injection]} wins over istio.io/rev: ${labels[revision]}.`;
        yield clash(label(injection), message, 'keep istio.io/rev');
      }
      const sidecars = [injection, revision].find((name) => labels[name] !== undefined);
      if (sidecars !== undefined && labels[mode] === 'ambient') {
        const message = `The pods get sidecars, and ambient does nothing for them: ${sidecars} wins over ${mode}.`;
        yield clash(label(mode), message, 'keep the sidecars');
      }
    }
  },
};
