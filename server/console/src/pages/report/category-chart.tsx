import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import type { FilterReport } from '../../../../../shared/api/schemas.ts';

const most = 12;

/** The totals as bars, the largest first; what is not shown in the table is not shown here. */
export default function CategoryChart({ categories }: Pick<FilterReport, 'categories'>) {
  const rows = categories
    .flatMap(({ title, total }) => (total === null ? [] : [{ title, blocked: total }]))
    .toSorted((a, b) => b.blocked - a.blocked)
    .slice(0, most);
  return (
    <BarChart
      h={44 + rows.length * 38}
      data={rows}
      dataKey="title"
      orientation="vertical"
      series={[{ name: 'blocked', label: 'Blocked', color: 'var(--chart-a)' }]}
      valueFormatter={(value) => value.toLocaleString('en')}
      gridAxis="y"
      tickLine="none"
      maxBarWidth={22}
      barProps={{ isAnimationActive: false, radius: [0, 4, 4, 0] }}
      barChartProps={{ margin: { right: 24 } }}
      yAxisProps={{ width: 110 }}
      tooltipAnimationDuration={0}
    />
  );
}
