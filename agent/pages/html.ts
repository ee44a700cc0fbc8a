/** Text that is HTML already. Only `html` makes it, so that nothing reaches a page unescaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text is escaped, HTML is kept, lists are joined, what is absent is nothing. */
export type Piece = string | number | Html | undefined | false | readonly Piece[];

/** Escapes every piece for text and for attribute values in double quotes. */
export function html(parts: TemplateStringsArray, ...pieces: Piece[]): Html {
  return new Html(parts.map((part, index) => (index === 0 ? '' : written(pieces[index - 1])) + part).join(''));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Also what reorders or hides text on a page: controls and the formatting characters of Unicode. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

function written(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'object') return piece.map(written).join('');
  return String(piece)
    .replace(unseen, ' ')
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? '');
}
