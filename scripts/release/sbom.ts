import { Enums, Models, Serialize, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import type { ShippedPart } from './shipped-parts.ts';

export interface SbomSubject {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  /** Hexadecimal, of the file that it is about. */
  readonly sha256: string;
}

/**
 * A CycloneDX 1.6 bill of materials of one file, as JSON. The same input gives the same bytes: it has no time and no serial number.
 *
 * @throws Error where it is not valid for CycloneDX's own schema
 */
export async function sbom(subject: SbomSubject, parts: readonly ShippedPart[]): Promise<string> {
  const bom = new Models.Bom();
  const root = component(subject.name, subject.version, subject.purl, Enums.ComponentType.Application, 'Apache-2.0');
  root.hashes.set(Enums.HashAlgorithm['SHA-256'], subject.sha256);
  bom.metadata.component = root;
  for (const { name, version, purl, licence } of parts) {
    const part = component(name, version, purl, Enums.ComponentType.Library, licence);
    bom.components.add(part);
    root.dependencies.add(part.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  const text = `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
  // The library leaves out what its schema does not allow.
  const lost = [subject.sha256, ...parts.map(({ licence }) => licence)].find((value) => !text.includes(`"${value}"`));
  if (lost !== undefined)
    throw new Error(`the SBOM of ${subject.name} is not valid: it cannot say ${JSON.stringify(lost)}`);
  const fault = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);
  if (fault !== null) throw new Error(`the SBOM of ${subject.name} is not valid: ${JSON.stringify(fault)}`);
  return text;
}

function component(
  name: string,
  version: string,
  purl: string,
  type: Enums.ComponentType,
  licence: string,
): Models.Component {
  const made = new Models.Component(type, name, {
    version,
    bomRef: purl,
    purl: PackageURL.fromString(purl).toString(),
  });
  made.licenses.add(new Models.SpdxLicense(licence));
  return made;
}
