/** Says on each generated page where it comes from. */
export const generatedFrom = (source: string) =>
  `<!-- Made by \`npm run docs\` from ${source}. Edit that, not this. -->`;

/** A table; cells may hold any text of one line. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Blocks with one empty line between them, and a line end after the last. */
export function page(...blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

export const code = (words: string) => `\`${words}\``;

function cell(words: string): string {
  return words.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
