/** The text of each page of an uncompressed PDF as pdfkit writes it: a line for each piece it sets. */
export function pdfPages(bytes: Uint8Array): string[] {
  const objects = objectsOf(Buffer.from(bytes).toString('latin1'));
  const fonts = fontsOf(objects);
  return [...objects.values()]
    .filter((object) => /\/Type \/Page\b(?!s)/.test(object))
    .map((page) => textOf(objects.get(/\/Contents (\d+) 0 R/.exec(page)?.[1] ?? '') ?? '', fonts));
}

function objectsOf(file: string): Map<string, string> {
  return new Map([...file.matchAll(/^(\d+) 0 obj\n([\s\S]*?)\nendobj/gm)].map(([, id = '', body = '']) => [id, body]));
}

/** Name of a font → glyph (hexadecimal) → character. */
function fontsOf(objects: Map<string, string>): Map<string, Map<string, string>> {
  const names = [...objects.values()].flatMap((object) => [...object.matchAll(/\/(F\d+) (\d+) 0 R/g)]);
  return new Map(
    names.map(([, name = '', id = '']) => {
      const unicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id) ?? '')?.[1] ?? '';
      return [name, glyphsOf(objects.get(unicode) ?? '')];
    }),
  );
}

function glyphsOf(map: string): Map<string, string> {
  const glyphs = new Map<string, string>();
  for (const [, first = '', , listed = ''] of map.matchAll(/<(\w{4})> <(\w{4})> \[(.*?)\]/g))
    for (const [index, [, units = '']] of [...listed.matchAll(/<([\w ]+)>/g)].entries())
      glyphs.set(
        (Number.parseInt(first, 16) + index).toString(16).padStart(4, '0'),
        Buffer.from(units.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'),
      );
  return glyphs;
}

function textOf(stream: string, fonts: Map<string, Map<string, string>>): string {
  return [...stream.matchAll(/\/(F\d+) [\d.]+ Tf[\s\S]*?\[(.*?)\] TJ/g)]
    .map(([, font = '', pieces = '']) =>
      [...pieces.matchAll(/<(\w+)>/g)]
        .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
        .map((glyph) => fonts.get(font)?.get(glyph) ?? '�')
        .join(''),
    )
    .join('\n');
}
