/** The executables: Zig's name of the machine, by the one that the files have (Node's). */
export const nativeTargets = {
  x64: { zig: 'x86_64-linux-musl', docker: 'amd64' },
  arm64: { zig: 'aarch64-linux-musl', docker: 'arm64' },
} as const;

export type NativeArch = keyof typeof nativeTargets;

export const nativeArchs = Object.keys(nativeTargets) as NativeArch[];

/** Where the executable for a machine lies. */
export const executablePath = (arch: NativeArch): string => `dist/linux-${arch}/mesh-shim`;
