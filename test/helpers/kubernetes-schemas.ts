import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { kubernetesSchemas } from '../../scripts/kubernetes/schemas.ts';
import { runScript } from './run-script.ts';

const definitions = '/api/_definitions.json';

function schemaFolder(): string {
  if (kubernetesSchemas() === undefined) runScript('scripts/fetch-schemas.ts');
  return kubernetesSchemas() as string;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
}

/** What Kubernetes' schemas find wrong with an object: nothing, or lines with a path each. */
export function schemaFindings(): (object: KubernetesObject) => string[] {
  const from = schemaFolder();
  // Their own ids are no addresses that they call each other by.
  const read = (name: string) => {
    const { $schema: _, $id: __, ...schema } = JSON.parse(readFileSync(join(from, name), 'utf8'));
    return schema;
  };
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(read('_definitions.json'), definitions);
  const known = new Map<string, ValidateFunction>();
  return ({ apiVersion, kind, ...object }) => {
    const [group = '', last] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    const name = [kind.toLowerCase(), ...(group === '' ? [] : [group.split('.')[0]]), last].join('-');
    const validate = known.get(name) ?? ajv.compile(read(`${name}.json`));
    known.set(name, validate);
    validate({ apiVersion, kind, ...object });
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
    );
  };
}
