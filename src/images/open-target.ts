import { ArchiveTarget } from './files/archive-target.ts';
import { LayoutTarget } from './files/layout-target.ts';
import type { ImageTarget } from './image-target.ts';
import type { Registries } from './open-source.ts';
import { parseReference } from './reference.ts';
import { RegistryTarget } from './registry/registry-target.ts';

/**
 * Where an image is to be written. Nothing is touched yet.
 *
 * @throws ImageError (IMAGE_REFERENCE)
 */
export function openTarget(text: string, registries: Registries): ImageTarget {
  const reference = parseReference(text);
  if (reference.kind === 'registry') return new RegistryTarget(registries.client(reference.host), reference);
  return reference.kind === 'layout' ? new LayoutTarget(reference) : new ArchiveTarget(reference);
}
