import { fromFragment, type SharedState, toFragment } from './shared-state.ts';

/** Chromium takes a URL of 2 MB at most, Firefox one of 1 MB. */
const longestFragment = 1_000_000;

/** Mail and chats cut links that are much longer. */
const safeFragment = 8000;

/** Puts a state into the address bar and the clipboard, and says so; or says why not. */
export async function shareByLink(state: SharedState): Promise<string> {
  const fragment = await toFragment(state);
  if (fragment.length > longestFragment) return 'This is too much for a link, even compressed: send the files.';
  // Not by `location`: that would be a link that was opened.
  history.replaceState(history.state, '', `#${fragment}`);
  const length =
    fragment.length > safeFragment
      ? ` It has ${fragment.length} letters: some mail and chat programs cut such links.`
      : '';
  const place = (await isInClipboard(location.href)) ? 'is in the clipboard' : 'stands in the address bar';
  return `The link ${place}. What you pasted is in its fragment, which no server sees.${length}`;
}

/** Over plain HTTP a page has no clipboard, and a reader may refuse it. */
async function isInClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** What the link holds that the page was opened with, or why that cannot be read; neither where it holds nothing. */
export async function openedLink(): Promise<{ readonly state?: SharedState; readonly failure: string }> {
  const fragment = location.hash.slice(1);
  if (fragment === '') return { failure: '' };
  const state = await fromFragment(fragment);
  if (state !== undefined) return { state, failure: '' };
  return { failure: 'This link was cut or is damaged: what it held cannot be read. Ask for it again.' };
}
