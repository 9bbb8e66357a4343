import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Application } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';

/**
 * Writes a page for each entry point of the library, from the docstrings of what it exports, below `api/` of a folder; nothing for a version
 * that has no list of them.
 *
 * @throws Error where a docstring has a fault
 */
export async function writeApiReference(root: string, target: string): Promise<void> {
  const list = resolve(root, 'scripts/build/library-entries.ts');
  if (!existsSync(list)) return;
  const { libraryEntries } = (await import(pathToFileURL(list).href)) as {
    libraryEntries: Readonly<Record<string, string>>;
  };
  const markdown: Partial<PluginOptions> = {
    entryFileName: 'index.md',
    outputFileStrategy: 'modules',
    flattenOutputFiles: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    indexFormat: 'table',
  };
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    name: 'API reference',
    entryPoints: Object.values(libraryEntries).map((path) => resolve(root, path)),
    displayBasePath: resolve(root, 'src'),
    tsconfig: resolve(root, 'tsconfig.json'),
    out: resolve(target, 'api'),
    readme: 'none',
    disableSources: true,
    excludeExternals: true,
    excludeInternal: true,
    githubPages: false,
    // The compiler of the repository has found all of them; this one is an older one.
    skipErrorChecking: true,
    logLevel: 'Warn',
    ...markdown,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('the API reference could not be made');
  // By what an app imports, not by the files of the sources.
  for (const entry of project.children ?? [])
    entry.name = entry.name === 'index' ? 'mesh-shim' : `mesh-shim/${entry.name}`;
  await app.generateOutputs(project);
}
