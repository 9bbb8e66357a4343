/** What an app can import, `mesh-shim` itself and its parts, by the source that says what each exports. */
export const libraryEntries = {
  index: 'src/index.ts',
  check: 'src/check/index.ts',
  connect: 'src/connect/index.ts',
  health: 'src/health/index.ts',
  http: 'src/http/index.ts',
  lifecycle: 'src/lifecycle/index.ts',
  ports: 'src/ports/index.ts',
  wait: 'src/wait/index.ts',
} as const;
