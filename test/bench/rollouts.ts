import { coursesOf, devices, faultCases, healthyCourses, median } from '../fakes/rollout-faults.ts';
import { bench } from './bench.ts';

/** When rollouts are stopped, and how often without need: chances rather than speed. */
export const rollouts = bench({
  summary: 'simulated rollouts to 20,000 devices: when each fault is stopped, and how often a healthy one is',
  sizes: {
    runs: { default: 100, words: 'runs with each fault' },
    healthy: { default: 1_000, words: 'healthy runs' },
  },
  run: async ({ runs, healthy }, report) => {
    report.note(`${devices} devices, the usual plan; hours are school hours, all figures medians over ${runs} runs.\n`);
    for (const fault of faultCases) {
      const courses = coursesOf(fault, runs ?? 1);
      const stopped = courses.filter(({ state }) => state.kind !== 'completed');
      const halted = stopped.filter(({ state }) => state.kind === 'halted').length;
      report.note(
        `${fault.name}: halted in ${halted}, paused in ${stopped.length - halted}, missed in ${courses.length - stopped.length}; ` +
          `ring ${median(stopped.map(({ ring }) => ring))}, after ${median(stopped.map(({ hours }) => hours))} h; ` +
          `${median(stopped.map(({ given }) => given))} devices had it, ${median(stopped.map(({ broken }) => broken))} of them broken\n`,
      );
    }
    const courses = healthyCourses(healthy ?? 1);
    const [halted, paused] = ['halted', 'paused'].map(
      (kind) => courses.filter(({ state }) => state.kind === kind).length,
    );
    report.figure('healthy rollouts halted', halted ?? 0, `of ${courses.length}`);
    report.figure('healthy rollouts paused in doubt', paused ?? 0, `of ${courses.length}`);
    report.figure('hours to the last ring', median(courses.map(({ hours }) => hours)), 'school hours');
  },
});
