import process from 'node:process';
import { isSupportedNode, oldestNode } from './node-version.ts';

/**
 * Imported for its effect, by each entry first: an older Node is told so in one sentence, not by the first call that fails
 * somewhere inside.
 *
 * @throws Error with the code `MESH_NODE_VERSION`
 */
function assertSupportedNode(version: string | undefined): void {
  if (isSupportedNode(version)) return;
  const advice = "the shim's Node bundle and executable run there";
  const message = `mesh-shim's library needs Node ${oldestNode} or later, this is ${version}; ${advice}`;
  throw Object.assign(new Error(message), { code: 'MESH_NODE_VERSION' });
}

assertSupportedNode(process.versions.node);
