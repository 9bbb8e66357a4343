/** Whether a client makes instances of its own kind, as got and ky do. */
export function canExtend(client: unknown): boolean {
  return typeof (client as { readonly extend?: unknown } | null | undefined)?.extend === 'function';
}
