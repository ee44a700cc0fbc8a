import { basename, join } from 'node:path';
import type { Rolldown } from 'vite';

/** ASCII: V8 keeps the text of a file with a single character beyond Latin-1 at two bytes for each. */
const ascii = {
  name: 'ascii',
  generateBundle(_options: unknown, files: Rolldown.OutputBundle) {
    for (const file of Object.values(files)) if (file.type === 'chunk') file.code = escaped(file.code);
  },
};

/** Of typebox, which the sources import whole, a bundler keeps what is called when it is imported as a namespace. */
const typeboxInParts = {
  name: 'typebox in parts',
  transform: (code: string) => code.replace(/^import Type from (['"])typebox\1/m, 'import * as Type from $1typebox$1'),
};

/**
 * A program in a few files, without types, white space and what is never called; returns the one to start. Names stay,
 * as the log tells errors by them.
 */
export async function bundle(source: string, folder: string): Promise<string> {
  const { build } = await import('vite');
  const minify = { compress: true, mangle: { toplevel: true, keepNames: true }, codegen: { removeWhitespace: true } };
  await build({
    configFile: false,
    logLevel: 'error',
    plugins: [typeboxInParts, ascii],
    build: { ssr: source, outDir: folder, target: 'node24', rolldownOptions: { output: { minify } } },
    ssr: { noExternal: true, target: 'node' },
  });
  return join(folder, `${basename(source, '.ts')}.js`);
}

function escaped(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
