import { AreaChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import type { ComplianceTrend } from '../../../../shared/api/schemas.ts';

export interface TrendSeries {
  name: string;
  label: string;
  color: string;
}

interface Props {
  days: ComplianceTrend['days'];
  series: readonly TrendSeries[];
  /** The day that the page is about, as `days` name it; undefined: today. */
  marked: string | undefined;
  onDay: (day: string) => void;
}

const dayForm = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dayWords = (day: string) => dayForm.format(Date.parse(day));

/** Counts by day on top of each other. A click on a day shows it. */
export default function TrendChart({ days, series, marked, onDay }: Props) {
  return (
    <AreaChart
      h={210}
      data={days.map(({ day, counts }) => ({ day, ...counts }))}
      dataKey="day"
      type="stacked"
      series={[...series]}
      curveType="linear"
      withDots={false}
      withGradient={false}
      fillOpacity={0.75}
      strokeWidth={1}
      gridAxis="x"
      tickLine="none"
      valueFormatter={(value) => value.toLocaleString('en')}
      tooltipProps={{ labelFormatter: (day) => (typeof day === 'string' ? dayWords(day) : '') }}
      referenceLines={marked ? [{ x: marked, label: 'Shown', color: 'var(--mantine-color-text)' }] : []}
      xAxisProps={{ tickFormatter: dayWords, minTickGap: 36, interval: 'preserveStartEnd' }}
      yAxisProps={{ width: 48, tickCount: 4, allowDecimals: false }}
      areaProps={{ isAnimationActive: false }}
      areaChartProps={{
        margin: { top: 14, right: 12 },
        onClick: ({ activeLabel }) => activeLabel !== undefined && onDay(String(activeLabel)),
      }}
      tooltipAnimationDuration={0}
    />
  );
}
