/** Where the brace stands that ends a block of Lua (openresty): braces in strings and comments do not count. */
export function luaBlockEnd(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const skipped = skipText(text, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const char = text[at];
    if (char === '}' && depth === 0) return at;
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    at += 1;
  }
  return text.length;
}

/** Behind the string or the comment that begins here; where none does, here. */
function skipText(text: string, at: number): number {
  if (text.startsWith('--[[', at)) return behind(text, ']]', at + 4);
  if (text.startsWith('--', at)) return behind(text, '\n', at);
  if (text.startsWith('[[', at)) return behind(text, ']]', at + 2);
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return at;
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === quote) return end + 1;
  }
  return text.length;
}

function behind(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found === -1 ? text.length : found + what.length;
}
