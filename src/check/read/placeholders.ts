/** What other programs fill in before the manifest is applied: envsubst and Flux, Kustomize's vars, templates. */
const placeholder = /\$[{(A-Za-z_]|\{\{|<%/;

/** Whether a text is not yet what the cluster gets. */
export function hasPlaceholder(text: string): boolean {
  return placeholder.test(text);
}
