/**
 * Whether a value is of this class of the web's standards, by its own word. Node has one, each copy of undici another, and
 * test runners give each file a realm of its own: `instanceof` knows one of them, and loads Node's as well.
 */
export function isOfClass(value: unknown, name: 'FormData' | 'Request' | 'URLSearchParams'): boolean {
  return typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === `[object ${name}]`;
}
