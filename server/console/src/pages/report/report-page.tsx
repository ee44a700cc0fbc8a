import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconChartBar, IconEyeOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { FilterReport } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { queries } from '../../queries.ts';
import { count } from '../../words.ts';
import { lastDays, type ReportRange, rangeOf, rangeProblem } from './report-range.ts';
import { CategoryTable, SchoolTable } from './report-tables.tsx';

const CategoryChart = lazy(() => import('./category-chart.tsx'));
const route = getRouteApi('/shell/report');

export function ReportPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = rangeOf(search, Date.now());
  const problem = rangeProblem(range);
  const report = useQuery({ ...queries.filterReport(range), enabled: problem === undefined });
  const go = (next: ReportRange) => void navigate({ search: next, replace: true });
  return (
    <Page
      title="Report"
      lead="Blocked names by category and school. There are no names of people here, and no number that few people stand behind."
    >
      <RangeFields range={range} problem={problem} onChange={go} />
      {problem ? null : (
        <Loaded query={report} skeleton={<RowsSkeleton rows={5} height={64} />}>
          {(found) => <Report report={found} />}
        </Loaded>
      )}
    </Page>
  );
}

interface RangeProps {
  range: ReportRange;
  problem: string | undefined;
  onChange: (range: ReportRange) => void;
}

function RangeFields({ range, problem, onChange }: RangeProps) {
  return (
    <Stack gap={4} component="search">
      <Group align="flex-end" gap="sm">
        <TextInput
          type="date"
          label="First day"
          value={range.from}
          max={range.to}
          onChange={(event) => event.currentTarget.value && onChange({ ...range, from: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label="Last day"
          value={range.to}
          error={problem !== undefined}
          onChange={(event) => event.currentTarget.value && onChange({ ...range, to: event.currentTarget.value })}
        />
        <Group gap="xs">
          {[7, 30, 90].map((days) => (
            <Button key={days} variant="default" size="sm" onClick={() => onChange(lastDays(days, Date.now()))}>
              {days} days
            </Button>
          ))}
        </Group>
      </Group>
      <Text size="sm" c="var(--mantine-color-error)" role="status">
        {problem}
      </Text>
    </Stack>
  );
}

function Report({ report }: { report: FilterReport }) {
  const { categories, schools, suppressed, threshold } = report;
  if (categories.length === 0 && schools.length === 0)
    return (
      <Empty icon={IconChartBar} title="Nothing was recorded in these days">
        Numbers come from devices that record at least numbers by category. What is recorded is set in{' '}
        <TextLink to="/profiles">profiles</TextLink>, and capped by the{' '}
        <TextLink to="/filter-settings">filter settings</TextLink>.
      </Empty>
    );
  return (
    <Stack gap="md">
      {suppressed > 0 ? <Suppressed suppressed={suppressed} threshold={threshold} /> : null}
      {categories.some(({ total }) => total !== null) ? (
        <Panel title="Blocked, by category">
          <Suspense fallback={<RowsSkeleton rows={3} />}>
            <CategoryChart categories={categories} />
          </Suspense>
        </Panel>
      ) : null}
      <CategoryTable report={report} />
      <SchoolTable report={report} />
    </Stack>
  );
}

function Suppressed({ suppressed, threshold }: { suppressed: number; threshold: number }) {
  return (
    <Alert
      variant="default"
      icon={<IconEyeOff color="var(--verdict-silent)" />}
      title={`${count(suppressed, 'number is', 'numbers are')} not shown`}
    >
      <Text size="sm">
        A dash (–) stands where fewer than {threshold} people are behind a number, and where it could be worked out from
        the others.
      </Text>
    </Alert>
  );
}
