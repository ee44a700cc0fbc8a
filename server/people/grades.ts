/** Grade levels of CEDS (https://ceds.ed.gov, "Entry Grade Level"), which OneRoster uses. They are not numbers. */
const known = new Set([
  ...['IT', 'PR', 'PK', 'TK', 'KG', 'PS', 'UG', 'Other'],
  ...Array.from({ length: 13 }, (_, index) => String(index + 1).padStart(2, '0')),
]);

const spellings: Readonly<Record<string, string>> = { K: 'KG', KINDERGARTEN: 'KG', PREK: 'PK', 'PRE-K': 'PK' };

/**
 * The grade in the standard's spelling. `06` and `6` are the same grade to a spreadsheet, which drops the zero; an
 * extension (`ext:…`) or a word nobody knows stays as it is.
 */
export function readGrade(written: string): { grade: string; known: boolean } {
  if (known.has(written) || written.startsWith('ext:')) return { grade: written, known: true };
  const upper = written.toUpperCase();
  const grade = spellings[upper] ?? (/^\d(\.0)?$/.test(upper) ? `0${upper[0]}` : upper === 'OTHER' ? 'Other' : upper);
  return { grade: known.has(grade) ? grade : written, known: false };
}
