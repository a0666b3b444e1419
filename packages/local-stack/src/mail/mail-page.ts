// The page of the mail sink: newest first, every part of a mail as escaped text.
import type { Mail } from './mail-sink.js';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

export const mailPage = (mails: readonly Mail[], to: string | undefined): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Mail sink</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
  article { border: 1px solid #8886; border-radius: 8px; padding: 0.75rem 1rem; margin: 1rem 0; }
  h1 { font-size: 1.25rem; } h2 { font-size: 1rem; margin: 0; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0.5rem 0 0; }
  .meta { opacity: 0.75; font-size: 0.85rem; }
</style></head><body>
<h1>Mail sink</h1>
<p class="meta">Mails that the platform sent. They are kept in memory and reach nobody.</p>
<form><label>To <input name="to" type="search" value="${escapeHtml(to ?? '')}" placeholder="anybody"></label> <button>Show</button></form>
${mails.length === 0 ? '<p>No mails yet.</p>' : mails.map(article).join('\n')}
</body></html>
`;

const article = (mail: Mail): string => `<article id="${escapeHtml(mail.id)}">
<h2>${escapeHtml(mail.subject)}</h2>
<div class="meta">to ${escapeHtml(mail.to.join(', '))} · from ${escapeHtml(mail.from)} · <time>${escapeHtml(mail.receivedAt)}</time> (UTC)</div>
<pre>${escapeHtml(mail.text)}</pre>
</article>`;
