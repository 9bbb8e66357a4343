import { appended, itemSplice } from './item-text.ts';
import type { Operation } from './operation.ts';
import { removal } from './remove-text.ts';
import { renaming } from './rename-text.ts';
import { setting } from './set-text.ts';
import type { TextSplice } from './text-splice.ts';
import type { ParsedDocument } from './text-style.ts';

/** The operation as a change of the text; undefined where the text has no place for it that anybody would choose. */
export function spliceOf(document: ParsedDocument, operation: Operation): TextSplice | undefined {
  switch (operation.op) {
    case 'set':
      return setting(document, operation);
    case 'append':
      return appended(document, operation);
    case 'splice':
      return itemSplice(document, operation);
    case 'rename':
      return renaming(document, operation);
    case 'remove':
      return removal(document, operation);
  }
}
