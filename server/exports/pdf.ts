import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';

export interface PdfColumn {
  title: string;
  /** Its share of the width, beside the others'. */
  share: number;
}

export interface PdfTable {
  title: string;
  columns: readonly PdfColumn[];
  rows: readonly (readonly string[])[];
}

/** A document of text and tables. */
export interface Paper {
  title: string;
  /** Stands below the title: of when it is, and of what. */
  lines: readonly string[];
  tables: readonly PdfTable[];
  /** The same content at the same instant gives the same bytes. */
  at: number;
}

/** What both A4 and US Letter hold, so that it prints on either without being scaled. Points. */
const size: [number, number] = [595, 792];
const margin = 42;
const footerHeight = 24;
const cellGap = 4;
const longestCell = 600;
/** Rows between two looks at the sockets. */
const atOnce = 10;

const require = createRequire(import.meta.url);
/** Latin, Greek and Cyrillic letters with all their accents. */
const fonts = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};

/** `compress: false` leaves the text readable for tests. */
export async function pdfBytes(paper: Paper, { compress = true } = {}): Promise<Uint8Array> {
  // Loaded when it is wanted: it and its fonts weigh more than most of the server.
  const { default: PdfDocument } = await import('pdfkit');
  const document = new PdfDocument({
    ...{ size, margin, compress, bufferPages: true, font: fonts.regular, lang: 'en' },
    info: { Title: paper.title, Producer: 'Rollcall', Creator: 'Rollcall', CreationDate: new Date(paper.at) },
  });
  const finished = collected(document);
  document.font(fonts.bold).fontSize(16).text(paper.title);
  document.font(fonts.regular).fontSize(9).moveDown(0.4);
  for (const line of paper.lines) document.text(line);
  for (const table of paper.tables) await drawTable(document, table);
  numberPages(document, paper.title);
  document.end();
  return await finished;
}

type Document = PDFKit.PDFDocument;

function collected(document: Document): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    document.on('data', (part: Uint8Array) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    document.on('error', reject);
  });
}

async function drawTable(document: Document, { title, columns, rows }: PdfTable): Promise<void> {
  const widths = widthsOf(columns);
  const header = columns.map((column) => column.title);
  document.moveDown(1);
  if (bottom(document) - document.y < 80) document.addPage();
  document.font(fonts.bold).fontSize(11).text(title, margin).moveDown(0.3);
  drawRow(document, header, widths, fonts.bold);
  for (const [index, row] of rows.entries()) {
    const cells = row.map((cell) => cell.slice(0, longestCell));
    if (document.y + heightOf(document, cells, widths) > bottom(document)) {
      document.addPage();
      drawRow(document, header, widths, fonts.bold);
    }
    drawRow(document, cells, widths, fonts.regular);
    if (index % atOnce === 0) await setImmediate();
  }
  if (rows.length === 0) document.font(fonts.regular).fontSize(8).text('None.', margin);
}

function drawRow(document: Document, cells: readonly string[], widths: readonly number[], font: string): void {
  const top = document.y;
  document.font(font).fontSize(8);
  const height = heightOf(document, cells, widths);
  let left = margin;
  for (const [index, cell] of cells.entries()) {
    const width = widths[index] ?? 0;
    document.text(cell, left, top, { width: width - cellGap });
    left += width;
  }
  document.y = top + height;
  document
    .moveTo(margin, document.y - 1)
    .lineTo(left, document.y - 1)
    .lineWidth(0.4)
    .strokeColor('#bbbbbb')
    .stroke();
}

function heightOf(document: Document, cells: readonly string[], widths: readonly number[]): number {
  document.fontSize(8);
  const heights = cells.map((cell, index) => document.heightOfString(cell, { width: (widths[index] ?? 0) - cellGap }));
  return Math.max(10, ...heights) + cellGap;
}

function widthsOf(columns: readonly PdfColumn[]): number[] {
  const all = columns.reduce((sum, { share }) => sum + share, 0);
  return columns.map(({ share }) => ((size[0] - 2 * margin) * share) / all);
}

function bottom(document: Document): number {
  return document.page.height - margin - footerHeight;
}

function numberPages(document: Document, title: string): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    document.switchToPage(start + page);
    const at = document.page.height - margin - 10;
    // Text below the margin would begin a new page.
    document.page.margins.bottom = 0;
    document.font(fonts.regular).fontSize(8);
    document.text(title, margin, at, { lineBreak: false });
    document.text(`Page ${page + 1} of ${count}`, margin, at, { align: 'right', width: size[0] - 2 * margin });
  }
}
