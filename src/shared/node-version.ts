/** As `engines` in package.json says. */
export const oldestNode = '22.19';

/** @param version of Node, without its v; undefined: no Node at all, but something that acts as one */
export function isSupportedNode(version: string | undefined): boolean {
  if (version === undefined) return true;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = oldestNode.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
