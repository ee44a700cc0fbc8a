import { type AsideLimits, runAside } from './aside.ts';
import { type CompiledList, compileList } from './compile.ts';

/** Lists larger than this are compiled in a thread of their own, so that nobody waits for them; see the measurement in `docs/decisions`. */
const largestInline = 262_144;
const program = new URL('./compile-worker.ts', import.meta.url);

/** `compileList` without holding up everything else. `bad-list` for what is no list, or takes too much. */
export async function compileAside(
  content: Uint8Array,
  file: string,
  taken: readonly string[] = [],
  limits?: AsideLimits,
): Promise<CompiledList> {
  if (content.byteLength <= largestInline) return compileList(content, file, taken);
  return await runAside<CompiledList>(program, { content, file, taken }, limits);
}
