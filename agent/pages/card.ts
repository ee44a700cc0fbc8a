import { type Html, html, type Piece } from './html.ts';

/** A part of a page with a heading of its own. */
export function card(heading: string, content: Piece): Html {
  return html`<section class="card">
<h2>${heading}</h2>
${content}
</section>
`;
}

export function listOf(items: readonly (string | Html)[]): Html {
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Terms and what they stand for; what is empty is left out. */
export function termsOf(rows: readonly (readonly [term: string, words: Piece])[]): Html {
  const shown = rows.filter(([, words]) => words !== '' && words !== undefined && words !== false);
  return html`<dl>${shown.map(([term, words]) => html`<div><dt>${term}</dt><dd>${words}</dd></div>`)}</dl>`;
}
