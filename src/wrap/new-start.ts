import type { Operation } from '../check/edit/operation.ts';
import type { Container } from '../check/model/pod.ts';
import { readLauncher } from '../check/model/read-launcher.ts';
import { startCommands } from '../check/model/start-commands.ts';
import { dict } from '../check/read/values.ts';
import { startupProbeFor } from '../check/rules/shared/startup-probe.ts';
import { addProbe, mountOperations } from './container-operations.ts';
import type { ContainerStart } from './container-start.ts';
import type { ContainerPlan, WrapOptions } from './plan.ts';
import type { ContainerRecord } from './record.ts';

interface NewStart {
  readonly head: readonly string[];
  readonly rest: number;
}

/** The plan that gives a container another start, with all that this needs. */
export function withStart(
  container: Container,
  start: ContainerStart,
  { head, rest }: NewStart,
  { options, quits }: { readonly options: WrapOptions; readonly quits: boolean },
  migration: { readonly tool: string; readonly note?: string | undefined } | undefined,
): ContainerPlan {
  const { data, path, env, name } = container;
  const words = [...start.command, ...start.args];
  const inCommand = Math.max(0, start.command.length - rest);
  const command = [...head, ...(inCommand > 0 ? start.command.slice(rest) : [])];
  const args = words.slice(Math.max(rest, start.command.length));
  const operations: Operation[] = [];
  const record: { -readonly [Key in keyof ContainerRecord]: ContainerRecord[Key] } = {};
  if (!start.ofManifest.command) {
    operations.push({ op: 'set', path: [...path, 'command'], value: command, after: ['name', 'image'] });
    record.command = null;
  } else {
    const index = commonHead(start.command, command);
    const count = start.command.length - index - inCommand;
    const items = command.slice(index, command.length - inCommand);
    operations.push({ op: 'splice', path: [...path, 'command'], index, count, items });
    record.command = index === 0 && count === 0 ? items.length : start.command;
  }
  if (!start.ofManifest.args) {
    if (args.length > 0) {
      operations.push({ op: 'set', path: [...path, 'args'], value: args, after: ['name', 'image', 'command'] });
      record.args = null;
    }
  } else if (args.length < start.args.length) {
    record.args = start.args;
    const count = start.args.length - args.length;
    operations.push(
      args.length === 0
        ? { op: 'remove', path: [...path, 'args'] }
        : { op: 'splice', path: [...path, 'args'], index: 0, count, items: [] },
    );
  }
  if (options.way !== 'layer') operations.push(...mountOperations(container));
  const startupProbe = startupProbeFor(data);
  if (startupProbe !== undefined) {
    operations.push(addProbe(path, startupProbe));
    record.startupProbe = null;
  }
  const after = [...command, ...args];
  const launcher = readLauncher(startCommands({ command: after }, env), env);
  if (launcher?.refused !== undefined) {
    return { name, outcome: 'left', why: `mesh-shim would refuse it: ${launcher.refused}`, notes: [], operations: [] };
  }
  const notes = [
    ...(migration?.note === undefined ? [] : [migration.note]),
    ...(quits && launcher?.quits === false ? ['the sidecar is not told to quit'] : []),
    ...(dict(dict(data.lifecycle).postStart).exec === undefined
      ? []
      : ['its postStart command runs while the app is held back']),
  ];
  return {
    name,
    outcome: migration === undefined ? 'wrapped' : 'migrated',
    why:
      migration === undefined
        ? start.ofManifest.command
          ? 'its own command'
          : 'what its image starts'
        : `from ${migration.tool}`,
    before: words,
    after,
    notes,
    operations,
    record,
  };
}

function commonHead(a: readonly string[], b: readonly string[]): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index += 1;
  return index;
}
