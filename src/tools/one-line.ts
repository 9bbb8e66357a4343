/** Messages quote what they were given. Line ends and what steers a terminal are shown, not sent. */
export function onOneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
