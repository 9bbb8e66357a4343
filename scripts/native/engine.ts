import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { engineSources, shortHash } from './sources.ts';
import { type NativeArch, nativeTargets } from './targets.ts';
import { nativeCache, run, type Toolchain } from './toolchain.ts';

/** Optimized as a whole, for size: what nothing in the bundle can reach is left out. */
const optimizeFlags = ['-Os', '-flto'];
export const compileFlags = [
  ...['-D_GNU_SOURCE', '-DNDEBUG', '-fPIE', '-fno-sanitize=undefined', '-fstack-protector-strong'],
  ...['-ffunction-sections', '-fdata-sections', '-fvisibility=hidden', '-fomit-frame-pointer'],
  ...['-fno-asynchronous-unwind-tables', '-fno-unwind-tables'],
  ...optimizeFlags,
];
/** The compiler's flags hold for what is linked from its own library, too. */
export const linkFlags = [
  ...compileFlags,
  ...['-pie', '-static', '-Wl,--gc-sections,--build-id=none,-z,relro,-z,now,-z,noexecstack'],
];
/** The engine's objects for a machine (the build's own where none is named): they change with the toolchain only. */
export function compileEngine({ zig, engine }: Toolchain, arch?: NativeArch): string[] {
  const flags = [...(arch ? ['-target', nativeTargets[arch].zig] : []), ...compileFlags, '-g0'];
  const folder = join(nativeCache, 'engine', `${arch ?? 'build'}-${shortHash([engine, ...flags])}`);
  mkdirSync(folder, { recursive: true });
  return engineSources.map((name) => {
    const object = join(folder, `${name}.o`);
    if (!existsSync(object)) run(zig, ['cc', ...flags, '-w', '-c', join(engine, name), '-o', object], name);
    return object;
  });
}
