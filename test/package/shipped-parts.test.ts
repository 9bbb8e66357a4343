import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findToolchain } from '../../scripts/native/toolchain.ts';
import { sbom } from '../../scripts/release/sbom.ts';
import { executableParts, npmParts } from '../../scripts/release/shipped-parts.ts';
import { thirdPartyPage } from '../../scripts/release/third-party.ts';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };

it('every dependency of the package is among its parts, with its licence', () => {
  const parts = npmParts();
  expect(parts.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  for (const { licence, licenceText } of parts) {
    expect(licence).toMatch(/^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0)$/);
    expect(licenceText).toMatch(/permission|license/i);
  }
});

describe.skipIf(findToolchain() === undefined)('with the executable', () => {
  it('THIRD_PARTY.md is as it would be made now (if not: npm run licences)', () => {
    expect(readFileSync('THIRD_PARTY.md', 'utf8')).toBe(thirdPartyPage());
  });

  it.each([
    ['the npm package', npmParts],
    ['the executable', executableParts],
  ])('the bill of materials of %s is valid, and always the same', async (name, parts) => {
    const subject = { name, version: '1.2.3', purl: 'pkg:generic/subject@1.2.3', sha256: '0'.repeat(64) };
    const text = await sbom(subject, parts());
    expect(await sbom(subject, parts())).toBe(text);
    const { components, dependencies: edges } = JSON.parse(text);
    expect(components.map((part: { name: string }) => part.name).sort()).toEqual(
      parts()
        .map((part) => part.name)
        .sort(),
    );
    expect(edges.find(({ ref }: { ref: string }) => ref === subject.purl).dependsOn).toHaveLength(parts().length);
  });

  it('one that would not be valid is refused', async () => {
    const [part] = npmParts();
    const odd = { ...(part as NonNullable<typeof part>), licence: 'no licence at all' };
    const subject = { name: 'x', version: '1', purl: 'pkg:generic/x@1', sha256: 'not hexadecimal' };
    await expect(sbom(subject, [odd])).rejects.toThrow('is not valid');
  });
});
