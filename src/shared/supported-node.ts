import process from 'node:process';

/** As `engines` in package.json says. */
const oldest = '22.19';

/**
 * Imported for its effect, by each entry first: an older Node is told so in one sentence, not by the first call that fails
 * somewhere inside.
 *
 * @throws Error with the code `MESH_NODE_VERSION`
 */
function assertSupportedNode(version: string | undefined): void {
  if (version === undefined || isAtLeast(version, oldest)) return;
  const advice = "the shim's Node bundle and executable run there";
  const message = `mesh-shim's library needs Node ${oldest} or later, this is ${version}; ${advice}`;
  throw Object.assign(new Error(message), { code: 'MESH_NODE_VERSION' });
}

function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

assertSupportedNode(process.versions.node);
