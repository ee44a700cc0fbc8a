import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileNames } from '../../shared/filter/compiled.ts';
import { bench } from './bench.ts';
import { load } from './dns-load.ts';
import { blockedName, blockedNames, passedName } from './names.ts';
import { memoryOf } from './process-use.ts';
import type { EchoReady } from './programs/dns-echo.ts';
import type { ResolverReady } from './programs/resolver.ts';
import { startFloor } from './programs.ts';

const floorName = 'UDP echo';

/** The resolver in one process, the upstream in another, the questions from here: three on however many cores there are. */
export const dns = bench({
  summary: 'questions a second at the agent’s resolver, against bare UDP sockets',
  sizes: {
    names: { default: 300_000, words: 'names on the block list' },
    seconds: { default: 3, words: 'of each measurement' },
  },
  async run({ names, seconds }, report, scope) {
    const echo = await startFloor<EchoReady>(scope, 'dns-echo', 'echo');
    const upstream = await startFloor<EchoReady>(scope, 'dns-echo', 'answer');
    const list = join(scope.folder('dns'), 'list');
    writeFileSync(list, compileNames(blockedNames(names)));
    const resolver = await startFloor<ResolverReady>(
      scope,
      'resolver',
      list,
      String(names),
      String(upstream.ready.port),
    );
    const { listBytes, openMs, decisionUs } = resolver.ready;
    report.figure('list in memory', listBytes / 2 ** 20, 'MB');
    report.figure('opening the list', openMs, 'ms');
    report.figure('one decision', decisionUs, 'µs');

    const floor = await load({ pid: echo.pid, port: echo.ready.port }, passedName, seconds);
    const at = { pid: resolver.pid, port: resolver.ready.port };
    const cases = {
      'blocked name': (index: number) => blockedName((index * 7919) % Math.max(1, names)),
      'forwarded, each name once': passedName,
      'forwarded, from the cache': (index: number) => passedName(index % 500),
    };
    for (const [what, nameOf] of Object.entries(cases)) {
      const { perCoreSecond, perSecond, unanswered } = await load(at, nameOf, seconds);
      report.compare(`${what}, by one core of it`, perCoreSecond, '/s', floorName, floor.perCoreSecond);
      report.compare(`${what}, on the clock`, perSecond, '/s', floorName, floor.perSecond);
      if (unanswered > 0) report.figure(`${what}, not answered`, unanswered, 'questions');
    }
    report.compare(
      'resident memory afterwards',
      memoryOf(at.pid).resident,
      'MB',
      floorName,
      memoryOf(echo.pid).resident,
    );
  },
});
