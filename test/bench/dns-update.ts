import { compileNames, openCompiled } from '../../shared/filter/compiled.ts';
import { applyDelta, makeDelta } from '../../shared/filter/delta.ts';
import { listedNames } from './dns-names.ts';
import { percentile, type Report } from './report.ts';

const changes = 1000;
const times = 5;

/** What it takes to bring a list up to date on a device: half of the changes are names that go, half are names that come. */
export function listUpdate(names: number, report: Report): void {
  const half = Math.min(changes / 2, Math.floor(names / 2));
  const all = listedNames(names + half);
  const before = compileNames(all.slice(0, names));
  const after = compileNames(all.slice(half));
  const delta = makeDelta(before, after);
  report.note(`\n  A new version of the list with ${2 * half} changes:`);
  report.compare('bytes to fetch', delta.length, 'bytes', 'whole list', after.length);
  report.figure(
    'made on the server',
    took(() => makeDelta(before, after)),
    'ms',
  );
  report.figure(
    'applied and verified on the device',
    took(() => applyDelta(before, delta)),
    'ms',
  );
  report.figure(
    'opened',
    took(() => openCompiled(after)),
    'ms',
  );
}

/** Milliseconds; the middle of a few. */
function took(work: () => unknown): number {
  const taken = Array.from({ length: times }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  return percentile(taken, 0.5);
}
