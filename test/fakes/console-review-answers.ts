import type { ChangeView, RolloutView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { changeViews, preview, publishing, touched } from './console-changes.ts';
import { ago } from './console-district.ts';
import { rolloutViews } from './console-rollouts.ts';

type Names =
  | 'previewChange'
  | 'listPreviewDevices'
  | 'proposeChange'
  | 'listChanges'
  | 'readChange'
  | 'refreshChange'
  | 'commentChange'
  | 'decideChange'
  | 'scheduleChange'
  | 'publishChange'
  | 'withdrawChange'
  | 'readPublishing'
  | 'savePublishing'
  | 'listRollouts'
  | 'readRollout'
  | 'actOnRollout';

const reader = 'Ada Byrne';

function pageOf<T>(items: readonly T[], { cursor = '0', limit = 50 }: { cursor?: string; limit?: number }) {
  const next = Number(cursor) + limit;
  const shown = items.slice(Number(cursor), next);
  return { items: shown, total: items.length, nextCursor: next < items.length ? String(next) : null };
}

/** Changes that are decided on and rollouts that are stopped, as the server would have them. */
export function reviewAnswers(): Pick<Answers, Names> {
  return { ...changeAnswers(), ...rolloutAnswers() };
}

function changeAnswers(): Omit<Pick<Answers, Names>, 'listRollouts' | 'readRollout' | 'actOnRollout'> {
  const views = new Map(changeViews().map((view) => [view.change.id, view]));
  let published = { settings: publishing(), version: 4 };
  const found = (id: string): ChangeView => {
    const view = views.get(id);
    if (!view) throw new CodedError('not-found');
    return view;
  };
  const changed = (id: string, about: Partial<ChangeView>, summary: Partial<ChangeView['change']> = {}) => {
    const before = found(id);
    const view = { ...before, ...about, change: { ...before.change, ...summary } };
    views.set(id, view);
    return view;
  };
  return {
    previewChange: () => preview(),
    listPreviewDevices: ({ params, query }) => {
      if (params.id !== 'pv1') throw new CodedError('not-found');
      const { org, setting } = query;
      const devices = touched.filter(
        (device) =>
          (org === undefined || device.org === org) &&
          (setting === undefined || device.changes.some((one) => `${one.capability}.${one.setting}` === setting)),
      );
      return pageOf(devices, query);
    },
    proposeChange: ({ body }) => {
      const { title, note, plan, publishAt = null } = body;
      const change = {
        ...found('c1').change,
        id: 'c9',
        title,
        by: reader,
        mayApprove: false,
        isOwn: true,
        publishAt,
        comments: 0,
      };
      const view = { ...found('c1'), change, note, plan: plan === undefined ? publishing().plan : plan, comments: [] };
      views.set('c9', view);
      return view;
    },
    listChanges: ({ query }) =>
      pageOf(
        [...views.values()].map(({ change }) => change).filter(({ state }) => !query.state || state === query.state),
        query,
      ),
    readChange: ({ params }) => found(params.id),
    refreshChange: ({ params }) =>
      changed(params.id, {
        outdated: false,
        preview: preview({ at: ago(0) }),
        requirements: found(params.id).requirements.map((one) => ({ ...one, metBy: null, metAt: null })),
      }),
    commentChange: ({ params, body }) => {
      const comments = [...found(params.id).comments, { by: reader, at: ago(0), words: body.words }];
      return changed(params.id, { comments }, { comments: comments.length });
    },
    decideChange: ({ params, body }) => {
      const { decision, words } = body;
      const approved = decision === 'approved';
      const { decisions, requirements } = found(params.id);
      return changed(
        params.id,
        {
          decisions: [...decisions, { by: reader, at: ago(0), decision, words, side: 'second-person' }],
          requirements: approved ? requirements.map((one) => ({ ...one, metBy: reader, metAt: ago(0) })) : requirements,
          hindrances: [],
        },
        approved ? { ready: true, needs: [], mayApprove: false } : { state: 'rejected', mayApprove: false },
      );
    },
    scheduleChange: ({ params, body }) =>
      changed(params.id, {}, { publishAt: body.publishAt, state: body.publishAt === null ? 'open' : 'scheduled' }),
    publishChange: ({ params }) =>
      changed(
        params.id,
        { hindrances: [], inFreeze: false },
        { state: 'published', publishedAt: ago(0), rolloutId: 'rollout1' },
      ),
    withdrawChange: ({ params }) => changed(params.id, {}, { state: 'withdrawn', mayApprove: false }),
    readPublishing: () => ({ ...published, proposed: null }),
    savePublishing: ({ body }) => {
      if (body.version !== published.version) throw new CodedError('changed-meanwhile');
      published = { settings: body.settings, version: body.version + 1 };
      return published;
    },
  };
}

const stateAfter = {
  pause: 'paused',
  resume: 'running',
  stop: 'halted',
  finish: 'completed',
  'roll-back': 'rolled-back',
} as const;

function rolloutAnswers(): Pick<Answers, 'listRollouts' | 'readRollout' | 'actOnRollout'> {
  const views = new Map(rolloutViews().map((view) => [view.rollout.id, view]));
  const found = (id: string): RolloutView => {
    const view = views.get(id);
    if (!view) throw new CodedError('not-found');
    return view;
  };
  return {
    listRollouts: ({ query }) => {
      const all = [...views.values()].map(({ rollout }) => rollout);
      return pageOf(
        query.live ? all.filter(({ state }) => state !== 'completed' && state !== 'rolled-back') : all,
        query,
      );
    },
    readRollout: ({ params }) => found(params.id),
    actOnRollout: ({ params, body }) => {
      const before = found(params.id);
      const to = stateAfter[body.action];
      const { state: from, ring } = before.rollout;
      const view: RolloutView = {
        ...before,
        rollout: { ...before.rollout, state: to, reason: body.reason, since: ago(0) },
        decisions: [{ at: ago(0), by: reader, from, to, ring, words: body.reason, gates: [] }, ...before.decisions],
      };
      views.set(params.id, view);
      return view;
    },
  };
}
