/** Files of one name from several folders: findings and fixes tell files apart by their names. */
export function uniqueNames<Named extends { readonly name: string }>(files: readonly Named[]): Named[] {
  const used = new Set<string>();
  return files.map((file) => {
    let { name } = file;
    for (let count = 2; used.has(name); count += 1) name = `${file.name} (${count})`;
    used.add(name);
    return { ...file, name };
  });
}
