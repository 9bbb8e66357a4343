import type { PodTemplatePath } from '../../check/model/pod-templates.ts';
import { isDict } from '../../check/read/values.ts';
import { badValue } from '../options.ts';
import { ToolError } from '../tool.ts';

/** The setting's name in mesh-shim.yaml. */
export const podTemplatesKey = 'podTemplates';

const kindName = /^[A-Z]\w*(?:\.[a-z0-9-]+)*$/;
const wayName = /^(?:\*|[\w-]+)(?:\.(?:\*|[\w-]+))*$/;

/**
 * `App.example.com: spec.podTemplate`, or a list of ways.
 *
 * @throws ToolError for a name or a way that cannot be one, with where it stands
 */
export function readPodTemplates(file: string, value: unknown): PodTemplatePath[] {
  const where = `${file}: ${podTemplatesKey}`;
  if (!isDict(value)) {
    throw new ToolError(`${where} must map kinds to the ways to their pod templates, got ${JSON.stringify(value)}`);
  }
  return Object.entries(value).flatMap(([kind, ways]) => {
    if (!kindName.test(kind)) throw badValue(where, kind, 'a kind with its API group, App.example.com');
    return (Array.isArray(ways) ? ways : [ways]).map((path: unknown): PodTemplatePath => {
      if (typeof path === 'string' && wayName.test(path)) return { kind, path };
      throw new ToolError(`${where}: ${kind} must be a way such as spec.tasks.*.template, got ${JSON.stringify(path)}`);
    });
  });
}
