import type { GateView, RolloutSummary, RolloutView } from '../../shared/api/schemas.ts';
import { gateTitles } from '../../shared/policy/rollout-gates.ts';
import { gateNames, type RolloutPlan, usualPlan } from '../../shared/policy/rollout-plan.ts';
import { ago } from './console-district.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

type Ring = RolloutView['rings'][number];
type Decision = RolloutView['decisions'][number];

export const gateView = (place: number, about: Partial<GateView> = {}): GateView => ({
  gate: gateNames[place] ?? 'failed-sections',
  title: gateTitles[gateNames[place] ?? 'failed-sections'],
  asked: 118,
  before: 2,
  after: 2,
  worsened: 1,
  improved: 1,
  elsewhere: { asked: 900, after: 12 },
  verdict: 'fine',
  words: 'As before.',
  ...about,
});
const fine = gateNames.map((_, place) => gateView(place));
const bad = gateView(0, {
  after: 19,
  worsened: 17,
  improved: 0,
  verdict: 'bad',
  words: '17 of 118 devices cannot bring Screen lock into force that could before; 2 % more were allowed.',
});

const plan: RolloutPlan = {
  ...usualPlan,
  rings: [{ kind: 'group', group: 'Pilot teachers', soakHours: 4 }, ...usualPlan.rings],
};

const sizes = [24, 130, 1_080, 4_900, 6_016];
const titles = ['Pilot teachers', '1 % of devices', '10 % of devices', '50 % of devices', 'Everybody'];

/** The first rings are done, one is open, the rest has nothing yet. */
const rings = (open: number, about: Partial<Ring> = {}): Ring[] =>
  sizes.map((devices, place) => {
    const given = place <= open ? devices : 0;
    const [failed, offline] = given === 0 ? [0, 0] : [Math.floor(devices / 120), Math.floor(devices / 20)];
    const watching = place === open;
    return {
      ring: plan.rings[place] ?? { kind: 'percent', percent: 100, soakHours: 7 },
      title: titles[place] ?? '',
      devices,
      given,
      verified: watching ? Math.floor(given * 0.7) : given - failed - offline,
      failed,
      offline,
      openedAt: place <= open ? ago((open - place + 0.2) * day) : null,
      soakedHours: watching ? 4.5 : place < open ? 7 : 0,
      soakHours: plan.rings[place]?.soakHours ?? 7,
      ...(watching ? about : {}),
    };
  });

const devices = sizes.reduce((sum, one) => sum + one, 0);
const givenTo = (all: readonly Ring[]) => all.reduce((sum, ring) => sum + ring.given, 0);

const summary = (id: string, all: readonly Ring[], about: Partial<RolloutSummary>): RolloutSummary => ({
  id,
  kind: 'policy',
  title: 'No private windows',
  state: 'running',
  ring: 3,
  rings: all.length,
  devices,
  given: givenTo(all),
  startedAt: ago(3 * day),
  since: ago(5 * hour),
  by: 'Ada Byrne',
  reason: null,
  changeId: 'c4',
  ...about,
});

const decision = (about: Partial<Decision>): Decision => ({
  at: ago(5 * hour),
  by: 'server',
  from: 'running',
  to: 'running',
  ring: 3,
  words: 'Ring 2 was watched for 7 school hours and nothing got worse: ring 3 opens.',
  gates: fine,
  ...about,
});
const begun = decision({
  at: ago(3 * day),
  by: 'Ada Byrne',
  from: 'draft',
  ring: 1,
  words: 'Published; ring 1 opens.',
  gates: [],
});

const running: RolloutView = {
  rollout: summary('rollout1', rings(2), {}),
  plan,
  rings: rings(2),
  nextAt: ago(-20 * hour),
  nextWords: 'Ring 3 is watched for 2.5 school hours more; then 4,900 devices follow.',
  gates: [
    gateView(0, { after: 4, worsened: 3, verdict: 'watched', words: '3 of 118 are worse, 2 % are allowed.' }),
    ...fine.slice(1),
  ],
  decisions: [
    decision({}),
    decision({ at: ago(2 * day), ring: 2, words: 'Ring 1 was watched for 4 school hours: ring 2 opens.' }),
    begun,
  ],
};

const returned = rings(1, { given: 0, verified: 0, failed: 0, offline: 0 }).map((ring) => ({
  ...ring,
  given: 0,
  verified: 0,
  failed: 0,
  offline: 0,
}));
const halted: RolloutView = {
  ...running,
  rollout: summary('r2', returned, {
    title: 'Screens lock sooner, for students and staff of all schools',
    state: 'halted',
    ring: 2,
    since: ago(40 * minute),
    reason:
      'Failed sections: 17 of 118 devices cannot bring Screen lock into force that could before. Those who had it go back.',
    changeId: 'c1',
  }),
  rings: returned,
  nextAt: null,
  nextWords: 'Halted: it goes on, ends or is rolled back when somebody decides.',
  gates: [bad, ...fine.slice(1)],
  decisions: [
    decision({
      at: ago(40 * minute),
      to: 'halted',
      ring: 2,
      words:
        'Failed sections got worse on 14 % of the devices that have it: halted, and the earlier one is given again.',
      gates: [bad],
    }),
    begun,
  ],
};

const paused: RolloutView = {
  ...running,
  rollout: summary('r3', rings(0), {
    title: 'Gambling',
    kind: 'list',
    state: 'paused',
    ring: 1,
    changeId: null,
    reason: 'Too few have answered: 6 of 20.',
  }),
  rings: rings(0),
  nextAt: null,
  nextWords: 'Paused: no ring opens until somebody lets it go on.',
  decisions: [
    decision({ to: 'paused', ring: 1, words: 'Too few have answered after 21 school hours: 6 of 20.' }),
    begun,
  ],
};

const done = rings(4, { verified: 5_700, soakedHours: 7 });
const completed: RolloutView = {
  ...running,
  rollout: summary('r4', done, {
    title: 'Disk encryption for staff',
    state: 'completed',
    ring: 5,
    since: ago(9 * day),
    startedAt: ago(20 * day),
  }),
  rings: done,
  nextAt: null,
  nextWords: 'Everybody has it.',
  decisions: [decision({ to: 'completed', ring: 5, words: 'Everybody has it and nothing got worse.' }), begun],
};

export const rolloutViews = (): RolloutView[] => structuredClone([halted, running, paused, completed]);
