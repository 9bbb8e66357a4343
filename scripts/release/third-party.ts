/** Writes THIRD_PARTY.md: the licences of all that is shipped. `npm run licences` */
import { writeFileSync } from 'node:fs';
import { executableParts, npmParts, type ShippedPart } from './shipped-parts.ts';

export function thirdPartyPage(): string {
  return [
    '# Third-party software',
    '',
    'What others wrote and mesh-shim ships. `npm run licences` makes this page from what is installed and fetched.',
    '',
    '## Installed with the npm package',
    '',
    ...npmParts().flatMap(section),
    '## Linked into the static executable',
    '',
    ...executableParts().flatMap(section),
  ].join('\n');
}

function section({ name, version, licence, licenceText, homepage }: ShippedPart): string[] {
  const text = licenceText.replaceAll('\r\n', '\n').trim();
  return [`### ${name} ${version}`, '', `${licence}, <${homepage}>`, '', '```text', text, '```', ''];
}

if (import.meta.main) writeFileSync('THIRD_PARTY.md', thirdPartyPage());
