import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { TextAreaField, TextField } from './field';

test('text that machines read is left as it was typed, and text for people may be bettered', () => {
  for (const Part of [TextField, TextAreaField]) {
    const left = /spellcheck="false" autoCapitalize="off" autoCorrect="off"/i;
    expect(renderToStaticMarkup(<Part label="Header" isMono />)).toMatch(left);
    expect(renderToStaticMarkup(<Part label="Title" />)).not.toMatch(left);
  }
});
