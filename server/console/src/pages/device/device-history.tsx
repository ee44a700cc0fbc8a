import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { DeviceHistory as History } from '../../../../../shared/api/schemas.ts';
import type { MomentSearch } from '../../compliance-routes.tsx';
import { HistoryFrame, type ShownSpan, shownSpan } from '../../components/history/history-frame.tsx';
import { StandingThen } from '../../components/history/standing-then.tsx';
import { Timeline } from '../../components/history/timeline.tsx';
import { useInforms } from '../../components/history/use-informs.ts';
import { VerdictList } from '../../components/history/verdict-list.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { useNow } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import { deviceAt, lineStart } from '../../timeline.ts';

const route = getRouteApi('/shell/devices/$id');

/** How the device stood, when, and why: on a line, in words, and at any moment. */
export function DeviceHistory({ id }: { id: string }) {
  const search = route.useSearch();
  const span = shownSpan(search, useNow());
  const history = useQuery(queries.deviceHistory(id, { from: span.from }));
  return (
    <Loaded query={history} skeleton={<RowsSkeleton rows={3} height={96} />}>
      {(found) => <View history={found} at={search.at} span={span} />}
    </Loaded>
  );
}

function View({ history, at, span }: { history: History; at: string | undefined; span: ShownSpan }) {
  const navigate = route.useNavigate();
  const informs = useInforms();
  const go = (change: MomentSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  const instant = at === undefined ? undefined : Date.parse(at);
  const since = lineStart(span.from, history.verdicts);
  const line = useMemo(
    () => ({
      span: { from: Date.parse(since), to: Date.parse(history.measures.to) },
      verdicts: history.verdicts,
      marks: history.marks,
      devices: [{ key: history.device.id, label: '', checks: history.checks }],
    }),
    [history, since],
  );
  return (
    <HistoryFrame span={span} since={since} at={at} measures={history.measures} onMoment={go}>
      {instant === undefined ? null : <StandingThen at={instant} standing={deviceAt(history, instant)} named={false} />}
      <Timeline {...line} at={instant} informs={informs} onAt={(next) => go({ at: next })} />
      <VerdictList intervals={history.verdicts} marks={history.marks} />
    </HistoryFrame>
  );
}
