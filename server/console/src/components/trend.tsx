import { Text, VisuallyHidden } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ComplianceTrend } from '../../../../shared/api/schemas.ts';
import { findingStatuses, verdictStates } from '../../../../shared/compliance/verdict.ts';
import { findingStatusWords, verdictWords } from '../words.ts';
import { RowsSkeleton } from './loaded.tsx';
import type { TrendSeries } from './trend-chart.tsx';

const TrendChart = lazy(() => import('./trend-chart.tsx'));

const verdictSeries: TrendSeries[] = verdictStates.map((name) => ({
  name,
  label: verdictWords[name].label,
  color: `var(--verdict-${name})`,
}));
const statusColors = {
  pass: 'var(--verdict-compliant)',
  fail: 'var(--verdict-noncompliant)',
  'not-applicable': 'color-mix(in srgb, var(--control-line) 35%, var(--surface))',
  unknown: 'var(--verdict-unknown)',
} as const;
const statusSeries: TrendSeries[] = findingStatuses.map((name) => ({
  name,
  label: findingStatusWords[name],
  color: statusColors[name],
}));

interface Props {
  trend: ComplianceTrend;
  at: string | undefined;
  onAt: (at: string) => void;
}

/** How many stood how, by day; the first and the last day also in words. */
export function Trend({ trend, at, onAt }: Props) {
  const series = trend.of === 'people' || trend.of === 'devices' ? verdictSeries : statusSeries;
  const days = sinceKnown(trend.days);
  if (days.length < 2)
    return (
      <Text size="sm" c="dimmed">
        The line begins when two days are known of.
      </Text>
    );
  return (
    <figure style={{ margin: 0 }}>
      <div aria-hidden="true">
        <Suspense fallback={<RowsSkeleton rows={1} height={210} />}>
          <TrendChart days={days} series={series} marked={at?.slice(0, 10)} onDay={(day) => onAt(noonOf(day))} />
        </Suspense>
      </div>
      <VisuallyHidden component="figcaption">
        {[days[0], days.at(-1)].map((one) => (one ? `${dayWords(one, series)}. ` : ''))}
      </VisuallyHidden>
    </figure>
  );
}

/** Days before anything was known of are no days on which nobody stood anyhow. */
function sinceKnown(days: ComplianceTrend['days']): ComplianceTrend['days'] {
  const first = days.findIndex(({ counts }) => Object.values(counts).some((number) => number > 0));
  return first < 0 ? [] : days.slice(first);
}

const noonOf = (day: string) => `${day}T12:00:00.000Z`;

function dayWords({ day, counts }: ComplianceTrend['days'][number], series: readonly TrendSeries[]): string {
  return `${day}: ${series.map(({ name, label }) => `${counts[name] ?? 0} ${label.toLowerCase()}`).join(', ')}`;
}
