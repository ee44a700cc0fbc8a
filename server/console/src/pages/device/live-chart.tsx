import { AreaChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import type { LiveSample } from '../../device-health.ts';
import { bytes, percent } from '../../words.ts';

type Series = { key: Extract<keyof LiveSample, string>; label: string; color: string };

interface Props {
  samples: readonly LiveSample[];
  series: Series[];
  kind: 'percent' | 'bytes';
  /** In pixels. */
  height?: number;
}

const clockTime = (at: number) => new Date(at).toLocaleTimeString('en-GB');

/** The last minute and a half. Percentages have a fixed scale, so that a quiet machine looks quiet. */
export function LiveChart({ samples, series, kind, height = 232 }: Props) {
  return (
    <AreaChart
      h={height}
      data={samples.map((sample) => ({ ...sample, time: clockTime(sample.at) }))}
      dataKey="time"
      series={series.map(({ key, label, color }) => ({ name: key, label, color }))}
      curveType="linear"
      withDots={false}
      withGradient={false}
      fillOpacity={0.16}
      strokeWidth={2}
      gridAxis="x"
      tickLine="none"
      withLegend={series.length > 1}
      legendProps={{ height: 28, verticalAlign: 'top' }}
      valueFormatter={(value) => (kind === 'percent' ? percent(value) : `${bytes(value)}/s`)}
      areaChartProps={{ margin: { top: 8 } }}
      xAxisProps={{ hide: true }}
      yAxisProps={{ width: 64, tickCount: 3, ...(kind === 'percent' ? { domain: [0, 100] } : {}) }}
      areaProps={{ isAnimationActive: false }}
      tooltipAnimationDuration={0}
    />
  );
}
