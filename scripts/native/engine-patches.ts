import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { BuildError } from '../run-command.ts';

interface EnginePatch {
  readonly file: string;
  /** Stands in the engine's source once. */
  readonly before: string;
  readonly after: string;
}

/**
 * What is changed in the engine's source. A start makes some hundred functions and as many objects; for each property of theirs the
 * engine goes the way of Object.defineProperty, 600 instructions, to find out that a new object of the plain kind has no
 * property of that name. Where that can be seen at once, the property is added as `JS_CreateProperty` would in the end.
 */
const enginePatches: readonly EnginePatch[] = [
  {
    file: 'quickjs.c',
    before: `                           JSAtom prop, JSValue val, int flags)
{
    int ret;
    ret = JS_DefinePropertyValueConst(ctx, this_obj, prop, val, flags);
`,
    after: `                           JSAtom prop, JSValue val, int flags)
{
    int ret;
    if (JS_VALUE_GET_TAG(this_obj) == JS_TAG_OBJECT) {
        JSObject *p = JS_VALUE_GET_OBJ(this_obj);
        JSProperty *pr;
        if (!p->is_exotic && p->extensible && !find_own_property1(p, prop)) {
            pr = add_property(ctx, p, prop, flags & JS_PROP_C_W_E);
            if (unlikely(!pr)) {
                JS_FreeValue(ctx, val);
                return -1;
            }
            pr->u.value = val;
            return 1;
        }
    }
    ret = JS_DefinePropertyValueConst(ctx, this_obj, prop, val, flags);
`,
  },
  // Built-in functions that are bytecode themselves, 8 KB of it. Nothing makes them: see below.
  ...(
    [
      ['obj1', 'fromAsync'],
      ['obj2', 'zip'],
      ['obj2', 'zipKeyed'],
    ] as const
  ).map(([owner, name]) => ({
    file: 'quickjs.c',
    before: `    JS_DefineAutoInitProperty(ctx, ${owner}, JS_ATOM_${name},`,
    after: `    if (0) JS_DefineAutoInitProperty(ctx, ${owner}, JS_ATOM_${name},`,
  })),
  {
    file: 'quickjs.c',
    before: '    switch ((uintptr_t)opaque) {\n    default:\n        abort();\n',
    after: '    abort();\n    switch ((uintptr_t)opaque) {\n    default:\n        abort();\n',
  },
];

/** Rows of the engine's tables of built-in functions, by the function in C, which the scripts do not use: they cost 30 KB. */
const leftOutRows: Readonly<Record<string, string>> = {
  js_string_normalize: 'normalize',
  js_string_localeCompare: 'localeCompare',
  js_map_groupBy: 'groupBy',
  js_object_groupBy: 'groupBy',
  ...Object.fromEntries(
    ['isDisjointFrom', 'isSubsetOf', 'isSupersetOf', 'intersection', 'difference', 'symmetricDifference', 'union'].map(
      (name) => [`js_set_${name}`, name],
    ),
  ),
  ...Object.fromEntries(
    [
      ...['acos', 'asin', 'atan', 'atan2', 'cos', 'exp', 'log', 'sin', 'tan', 'cosh', 'sinh', 'tanh', 'acosh', 'asinh'],
      ...['atanh', 'expm1', 'log1p', 'log2', 'log10', 'cbrt', 'hypot', 'sumPrecise', 'f16round'],
    ].map((name) => [`js_math_${name}`, `Math.${name}`]),
  ),
};

/**
 * Refuses a script that uses what the engine has no longer.
 *
 * @throws BuildError
 */
export function refuseLeftOut(script: string): void {
  for (const name of [...Object.values(leftOutRows), 'fromAsync', 'zip', 'zipKeyed']) {
    if (script.includes(name.startsWith('Math.') ? `${name}(` : `.${name}(`))
      throw new BuildError(`a script uses ${name}, which scripts/native/engine-patches.ts leaves out of the engine`);
  }
}

/** What has been changed, for the names of what is made with it. */
export const patchesText = JSON.stringify([enginePatches, leftOutRows]);

/** Makes a folder with the engine's sources, patched, unless it is there. */
export function writePatchedEngine(original: string, folder: string): void {
  if (existsSync(folder)) return;
  const partial = `${folder}.partial-${process.pid}`;
  cpSync(original, partial, { recursive: true });
  // Of the package the licence stands beside the folder of the sources.
  const licence = join(original, '../LICENSE');
  if (existsSync(licence)) cpSync(licence, join(partial, 'LICENSE'));
  for (const { file, before, after } of enginePatches) {
    const path = join(partial, file);
    const parts = readFileSync(path, 'utf8').split(before);
    if (parts.length !== 2) throw new BuildError(`${path}: a patch of scripts/native/engine-patches.ts does not fit`);
    writeFileSync(path, parts.join(after));
  }
  const tables = join(partial, 'quickjs.c');
  let text = readFileSync(tables, 'utf8');
  for (const name of Object.keys(leftOutRows)) {
    const row = new RegExp(`^ *JS_CFUNC_(?:SPECIAL_)?DEF\\("\\w+", \\d, (?:f_f(?:_f)?, )?${name} ?\\),\\n`, 'gm');
    if (text.match(row)?.length !== 1) throw new BuildError(`${tables}: no row, or several, of ${name}`);
    text = text.replace(row, '');
  }
  writeFileSync(tables, text);
  renameSync(partial, folder);
}
