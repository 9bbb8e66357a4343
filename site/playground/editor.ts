import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, Prec } from '@codemirror/state';
import { oneDarkTheme } from '@codemirror/theme-one-dark';
import { tags } from '@lezer/highlight';
import { basicSetup, EditorView } from 'codemirror';
import type { Marked } from './protocol.ts';

/** One Dark, with the colours that fall below a contrast of 4.5 (WCAG AA) made lighter. */
const darkTheme = [
  oneDarkTheme,
  Prec.highest(
    EditorView.theme({ '.cm-gutters': { color: '#a8b1c2' }, '.cm-activeLine': { backgroundColor: '#2c313a' } }),
  ),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: '#f59aa2' },
      { tag: [tags.string, tags.special(tags.string)], color: '#b5d99c' },
      { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: '#e5c07b' },
      { tag: [tags.comment, tags.meta, tags.separator, tags.punctuation], color: '#a8b1c2' },
    ]),
  ),
];

export interface Editor {
  readonly view: EditorView;
  setText(text: string): void;
  /** What is said of the file that is shown, as squiggles at the words. */
  show(marks: readonly (Marked & { readonly rule?: string })[]): void;
  goTo(line: number, column: number): void;
  setDark(dark: boolean): void;
}

export function createEditor(parent: HTMLElement, label: string, onChange: (text: string) => void): Editor {
  const theme = new Compartment();
  const view = new EditorView({
    parent,
    extensions: [
      basicSetup,
      yaml(),
      lintGutter(),
      theme.of([]),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString());
      }),
    ],
  });
  const offset = (line: number, column: number): number => {
    const { doc } = view.state;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return Math.min(at.from + column - 1, at.to);
  };
  return {
    view,
    setText(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    show(marks) {
      const diagnostics = marks.map(({ line, column, severity, rule, message }): Diagnostic => {
        const from = offset(line, column);
        const to = view.state.wordAt(from)?.to ?? view.state.doc.lineAt(from).to;
        const range = { from, to: Math.max(to, from) };
        return { ...range, severity, message, ...(rule !== undefined && { source: rule }) };
      });
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    goTo(line, column) {
      const anchor = offset(line, column);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    setDark(dark) {
      view.dispatch({ effects: theme.reconfigure(dark ? darkTheme : []) });
    },
  };
}
