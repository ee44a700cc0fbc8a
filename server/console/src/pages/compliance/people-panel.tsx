import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { VerdictCounts } from '../../../../../shared/api/schemas.ts';
import { verdictStates } from '../../../../../shared/compliance/verdict.ts';
import { type SpanDays, spanReaching, spanStart, usualSpan } from '../../as-of.ts';
import { shareWords } from '../../compliance-map.ts';
import type { ComplianceSearch } from '../../compliance-routes.tsx';
import { PlainLink } from '../../components/links.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { Measures } from '../../components/measures.tsx';
import { Panel } from '../../components/panel.tsx';
import { SpanChoice } from '../../components/span-choice.tsx';
import { Trend } from '../../components/trend.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { totalOf } from '../../components/verdict-bar.tsx';
import { queries } from '../../queries.ts';
import { count } from '../../words.ts';
import classes from './people-panel.module.css';

interface Props {
  people: VerdictCounts;
  moment: ComplianceSearch;
  onAt: (at: string) => void;
  onSpan: (span: SpanDays) => void;
}

/** People by verdict at the moment, by day over the span, and how long failures lasted in it. */
export function PeoplePanel({ people, moment: { at, org, span }, onAt, onSpan }: Props) {
  const now = Date.now();
  const shown = spanReaching(at, span ?? usualSpan, now);
  const query = { from: spanStart(shown, now), org };
  const trend = useQuery(queries.complianceTrend({ ...query, of: 'people' }));
  const measures = useQuery(queries.complianceMeasures(query));
  return (
    <Panel
      title="People by verdict"
      note={`${count(totalOf(people), 'person', 'people')} with a device${at === undefined ? '' : ' then'}`}
      aside={<SpanChoice span={shown} onChange={onSpan} />}
    >
      <div className={classes.body}>
        <Counts people={people} at={at} org={org} />
        <Loaded query={trend} skeleton={<RowsSkeleton rows={1} height={210} />}>
          {(found) => <Trend trend={found} at={at} onAt={onAt} />}
        </Loaded>
      </div>
      <Stack gap={0}>
        <Loaded query={measures} skeleton={<RowsSkeleton rows={1} height={48} />}>
          {(found) => <Measures measures={found} />}
        </Loaded>
      </Stack>
    </Panel>
  );
}

/** Each leads to the people behind it. */
function Counts({ people, at, org }: { people: VerdictCounts; at: string | undefined; org: string | undefined }) {
  const total = totalOf(people);
  return (
    <div className={classes.counts}>
      {verdictStates.map((state) => (
        <PlainLink
          key={state}
          to="/people"
          search={{ org, verdict: state, holdsDevice: 'true', at }}
          className={classes.count ?? ''}
        >
          <Verdict state={state} />
          <span className={classes.figures}>
            <b>{people[state].toLocaleString('en')}</b> {total > 0 ? shareWords(people[state] / total) : ''}
          </span>
        </PlainLink>
      ))}
    </div>
  );
}
