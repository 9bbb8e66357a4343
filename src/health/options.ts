import { findReservedPort } from '../mesh/ports/ports.ts';
import { MeshOptionError, type OptionFault } from '../shared/mesh-option-error.ts';
import { type AllSet, createOptionReader, defaultsOf } from '../shared/option-table.ts';
import type { EventLoopLimits } from './event-loop-check.ts';
import { type HealthOptions, healthOptionTable } from './health-option-table.ts';
import type { HealthServerOptions } from './health-server-options.ts';
import { eventLoopOptionTable, pathOptionTable } from './nested-option-tables.ts';
import type { HealthPaths } from './respond.ts';

export type HealthServerSettings = Omit<HealthOptions, 'appPorts' | 'eventLoop'> & {
  readonly eventLoop: AllSet<EventLoopLimits> | undefined;
};

const caller = 'createHealthServer';
const readTable = createOptionReader<HealthOptions>(healthOptionTable);
const readPaths = createOptionReader<HealthPaths>(pathOptionTable);
const readLimits = createOptionReader<AllSet<EventLoopLimits>>(eventLoopOptionTable);
const defaults = defaultsOf<HealthOptions>(healthOptionTable);

/** @throws MeshOptionError for an unknown name, a value that is not accepted, or options that contradict each other */
export function readOptions(options: HealthServerOptions | undefined): HealthServerSettings {
  const { appPorts, paths: givenPaths, eventLoop: limits, ...settings } = readTable(caller, options);
  const paths = readPaths(caller, givenPaths);
  const eventLoop = limits && readLimits(caller, limits);
  const fault =
    portFault(settings.port, appPorts) ??
    pathsFault(Object.values(paths)) ??
    nameFault(settings.readiness, eventLoop !== undefined, settings.cluster);
  if (fault !== undefined) throw new MeshOptionError(caller, fault);
  return { ...settings, paths, eventLoop };
}

function portFault(port: number, appPorts: readonly number[]): OptionFault | undefined {
  const wrong = { at: 'port', value: port, accepts: "a port that is neither the sidecar's nor the app's" };
  const advice = `choose another, such as ${defaults.port}`;
  const reserved = findReservedPort(port);
  if (reserved)
    return { ...wrong, got: `${port}, which is ${reserved.purpose}; ${advice}`, reason: 'HEALTH_PORT_RESERVED' };
  if (port === 0 || !appPorts.includes(port)) return undefined;
  const got = `${port}, which is one of appPorts; under STRICT mTLS probes need a port apart: ${advice}`;
  return { ...wrong, got, reason: 'HEALTH_PORT_SHARED' };
}

function pathsFault(paths: readonly string[]): OptionFault | undefined {
  if (new Set(paths).size === paths.length) return undefined;
  return { at: 'paths', value: paths, accepts: 'paths that differ', got: paths.join(', ') };
}

/** Checks of the server's own have names, too. */
function nameFault(readiness: HealthOptions['readiness'], hasEventLoop: boolean, isCluster: boolean) {
  const taken = [...(hasEventLoop ? ['event-loop'] : []), ...(isCluster ? ['workers'] : [])];
  const name = taken.find((candidate) => Object.hasOwn(readiness, candidate));
  if (name === undefined) return undefined;
  const got = `another check that is called ${name}; rename it`;
  return { at: `readiness.${name}`, value: readiness[name], accepts: 'the check that the server adds itself', got };
}
