import { Stack } from '@mantine/core';
import { IconDeviceLaptop, IconListSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ComplianceMap, LibraryCheck, StatusCounts } from '../../../../../shared/api/schemas.ts';
import { policyName } from '../../../../../shared/compliance/policy.ts';
import { findingStatuses } from '../../../../../shared/compliance/verdict.ts';
import { spanReaching, spanStart, usualSpan } from '../../as-of.ts';
import { checkName, standingOf, standingWords, sumStatuses } from '../../compliance-map.ts';
import type { CheckSearch } from '../../compliance-routes.tsx';
import { AsOf } from '../../components/as-of.tsx';
import { Empty } from '../../components/empty.tsx';
import { FilterSelect } from '../../components/filter-select.tsx';
import { Filters } from '../../components/filters.tsx';
import { ButtonLink } from '../../components/links.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { OrgSelect } from '../../components/org-select.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { SpanChoice } from '../../components/span-choice.tsx';
import { StatusLegend } from '../../components/status-bar.tsx';
import { Trend } from '../../components/trend.tsx';
import { queries } from '../../queries.ts';
import { findingStatusWords } from '../../words.ts';
import { CheckFacts } from './check-facts.tsx';
import { DemandTag } from './demand.tsx';
import { SubjectTable } from './subject-table.tsx';

const route = getRouteApi('/shell/compliance/checks/$check');
const parent = { to: '/compliance/checks', label: 'Check library' } as const;
const limit = 50;

/** A check of the library, the settings of one area, or whether a device was heard of: the latter have no words there. */
export function CheckPage() {
  const { check } = route.useParams();
  const checks = useQuery(queries.checks());
  const map = useQuery(queries.complianceMap({}));
  const known = checks.data?.items.find((one) => one.check === policyName(check));
  const mapped = map.data?.checks.find((one) => one.check === check);
  const title = known?.check === check ? known.title : mapped && checkName(mapped);
  if (title !== undefined) return <CheckView check={check} title={title} known={known} />;
  return (
    <Page title="Check" parent={parent}>
      <Loaded query={checks}>{() => <Loaded query={map}>{() => <NoSuchCheck />}</Loaded>}</Loaded>
    </Page>
  );
}

function NoSuchCheck() {
  return (
    <Empty icon={IconListSearch} title="There is no such check">
      It may have had another name in an earlier version. The check library has all there are.
    </Empty>
  );
}

interface ViewProps {
  check: string;
  title: string;
  /** Its words, and what the district decided. */
  known: LibraryCheck | undefined;
}

function CheckView({ check, title, known }: ViewProps) {
  return (
    <Page
      title={title}
      parent={parent}
      badge={known ? <DemandTag demand={known.demand} /> : null}
      actions={
        known ? (
          <ButtonLink to="/compliance-policy" variant="default">
            Change it in the policy
          </ButtonLink>
        ) : null
      }
    >
      {known ? <CheckFacts check={known} /> : null}
      <Moment check={check} />
      <Subjects check={check} title={title} known={known} />
    </Page>
  );
}

function useGo() {
  const navigate = route.useNavigate();
  return (change: CheckSearch) =>
    void navigate({
      search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...change }),
      replace: true,
      resetScroll: false,
    });
}

/** The check by day, and the choice of the moment that the list below is about. */
function Moment({ check }: { check: string }) {
  const { at, org, span } = route.useSearch();
  const go = useGo();
  const now = Date.now();
  const shown = spanReaching(at, span ?? usualSpan, now);
  const trend = useQuery(queries.complianceTrend({ of: check, org, from: spanStart(shown, now) }));
  const map = useQuery(queries.complianceMap({ at, org }));
  const then = countsOf(map.data, check);
  return (
    <>
      <AsOf at={at} since={map.data?.since ?? null} onChange={(next) => go({ at: next })} />
      <Panel
        title="Over time"
        note={map.data ? `${at === undefined ? 'Now' : 'Then'} ${standingWords(standingOf(then))}.` : undefined}
        aside={<SpanChoice span={shown} onChange={(next) => go({ span: next })} />}
      >
        <Loaded query={trend} skeleton={<RowsSkeleton rows={1} height={210} />}>
          {(found) => <Trend trend={found} at={at} onAt={(next) => go({ at: next })} />}
        </Loaded>
        <StatusLegend />
      </Panel>
    </>
  );
}

/** Of the settings of the profiles, all their areas together. */
function countsOf(map: ComplianceMap | undefined, check: string): StatusCounts {
  const names = (map?.checks ?? [])
    .map((one) => one.check)
    .filter((name) => name === check || policyName(name) === check);
  return sumStatuses((map?.units ?? []).flatMap((unit) => names.map((name) => unit.checks[name])));
}

function Subjects({ check, title, known }: ViewProps) {
  const { at, org, status, page = 1, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const go = useGo();
  const subjects = useQuery(queries.checkSubjects(check, { at, org, status, cursor, limit }));
  return (
    <Stack gap="sm" component="section" aria-label="Devices under this check">
      <Filters>
        <OrgSelect value={org} onChange={(next) => go({ org: next })} />
        <FilterSelect
          label="Outcome"
          any="Any outcome"
          value={status}
          options={findingStatuses.map((value) => ({ value, label: findingStatusWords[value] }))}
          onChange={(next) => go({ status: next })}
        />
      </Filters>
      <Loaded query={subjects}>
        {(found) => (
          <Stack gap="md" style={subjects.isPlaceholderData ? { opacity: 0.6 } : undefined}>
            {found.items.length > 0 ? (
              <SubjectTable
                subjects={found.items}
                check={check}
                title={title}
                counts={known?.demand.counts ?? true}
                waivable={known !== undefined && at === undefined}
              />
            ) : (
              <Empty icon={IconDeviceLaptop} title="No device is among these">
                {at === undefined ? 'Loosen a filter.' : 'Loosen a filter, or choose another moment.'}
              </Empty>
            )}
            <Pager
              page={page}
              limit={limit}
              found={found}
              onGo={(to) => void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...to }) })}
            />
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}
