import { LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import type { Moment } from '../../chart-moments.ts';
import { bytes, percent } from '../../words.ts';

interface Line {
  key: string;
  label: string;
}

const forms = {
  percent,
  speed: (value: number) => `${bytes(value)}/s`,
  celsius: (value: number) => `${Math.round(value)} °C`,
  dbm: (value: number) => `${value} dBm`,
} as const;

const domains = { percent: [0, 100], dbm: [-100, -30], celsius: [20, 110] } as const;
const colors = [
  'var(--chart-a)',
  'var(--chart-b)',
  'var(--chart-c)',
  'var(--verdict-waived)',
  'var(--verdict-noncompliant)',
];

interface Props {
  moments: readonly Moment[];
  lines: readonly Line[];
  unit: keyof typeof forms;
  /** In pixels. */
  height?: number;
}

const clockTime = (at: number) => new Date(at).toLocaleTimeString('en-GB');

/** The last two minutes. What has a natural scale keeps it, so that a quiet machine looks quiet. */
export function LiveChart({ moments, lines, unit, height = 150 }: Props) {
  const domain = unit === 'speed' ? {} : { domain: [...domains[unit]] };
  return (
    <LineChart
      h={height}
      aria-hidden="true"
      data={moments.map((moment) => ({ ...moment, time: clockTime(moment.at) }))}
      dataKey="time"
      series={lines.map(({ key, label }, place) => ({
        ...{ name: key, label },
        color: colors[place % colors.length] ?? 'var(--chart-a)',
      }))}
      curveType="linear"
      withDots={false}
      strokeWidth={2}
      gridAxis="x"
      tickLine="none"
      withLegend={lines.length > 1}
      legendProps={{ height: 28, verticalAlign: 'top' }}
      valueFormatter={forms[unit]}
      lineChartProps={{ margin: { top: 8 } }}
      xAxisProps={{ hide: true }}
      yAxisProps={{ width: 64, tickCount: 3, ...domain }}
      lineProps={{ isAnimationActive: false }}
      tooltipAnimationDuration={0}
    />
  );
}
