import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { PersonHistory as History } from '../../../../../shared/api/schemas.ts';
import type { MomentSearch } from '../../compliance-routes.tsx';
import { ExportMenu } from '../../components/export-menu.tsx';
import { HistoryFrame, type ShownSpan, shownSpan } from '../../components/history/history-frame.tsx';
import { StandingThen } from '../../components/history/standing-then.tsx';
import { Timeline } from '../../components/history/timeline.tsx';
import { useInforms } from '../../components/history/use-informs.ts';
import { VerdictList } from '../../components/history/verdict-list.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { useNow } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import { addressOf } from '../../request.ts';
import { stretch } from '../../time.ts';
import { lineStart, personAt } from '../../timeline.ts';

const route = getRouteApi('/shell/people/$id');

/** Who complied, when, and why not: on a line, in words, and at any moment. */
export function PersonHistory({ id }: { id: string }) {
  const search = route.useSearch();
  const span = shownSpan(search, useNow());
  const history = useQuery(queries.personHistory(id, { from: span.from }));
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
  const line = useLine(history, since);
  return (
    <HistoryFrame
      span={span}
      since={since}
      at={at}
      measures={history.measures}
      onMoment={go}
      aside={<PersonExport id={history.person.id} from={span.from} />}
    >
      {instant === undefined ? null : <StandingThen at={instant} standing={personAt(history, instant)} named />}
      <Timeline {...line} at={instant} informs={informs} onAt={(next) => go({ at: next })} />
      <VerdictList intervals={history.verdicts} marks={history.marks} devices={history.devices} />
    </HistoryFrame>
  );
}

function useLine(history: History, from: string) {
  const to = Date.parse(history.measures.to);
  return useMemo(
    () => ({
      span: { from: Date.parse(from), to },
      verdicts: history.verdicts,
      marks: history.marks,
      devices: history.devices.map(({ device, from: since, to: until, verdicts, checks }) => ({
        key: `${device.id} ${since}`,
        label: (
          <span
            title={`${device.name}, in hand ${stretch(Date.parse(since), until === null ? undefined : Date.parse(until))}`}
          >
            <TextLink to="/devices/$id" params={{ id: device.id }} search={{ tab: 'history' }} fw={600}>
              {device.name}
            </TextLink>{' '}
            <small>{until === null ? 'in hand' : 'was in hand'}</small>
          </span>
        ),
        verdicts,
        checks,
      })),
    }),
    [history, from, to],
  );
}

function PersonExport({ id, from }: { id: string; from: string }) {
  const file = (format: string) => addressOf('exportPersonHistory', { params: { id }, query: { format, from } });
  return (
    <ExportMenu
      groups={[
        {
          label: 'This person, over this time',
          links: [
            { label: 'Document (PDF)', href: file('pdf') },
            { label: 'Table (CSV)', href: file('csv') },
          ],
        },
      ]}
    />
  );
}
