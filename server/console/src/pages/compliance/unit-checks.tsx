import type { ComplianceMap } from '../../../../../shared/api/schemas.ts';
import { columnsOf, type MapColumn } from '../../compliance-map.ts';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { Rows } from '../../components/rows.tsx';
import { StandingCell } from '../../components/standing-cell.tsx';
import { StatusLegend } from '../../components/status-bar.tsx';
import { Tag } from '../../components/tag.tsx';
import { severityWords } from '../../words.ts';

interface Props {
  map: ComplianceMap;
  at: string | undefined;
  org: string;
}

/** Every check on the devices of one unit, those that turn the verdict first. */
export function UnitChecks({ map, at, org }: Props) {
  return (
    <Panel title="Checks" note={<StatusLegend />}>
      <Rows
        label="Checks of this school"
        rows={columnsOf(map.checks, map.units)}
        keyOf={({ check }) => check}
        columns={[
          { title: 'Check', main: true, cell: (column) => <Check column={column} at={at} org={org} /> },
          { title: 'How it stands', wide: true, cell: ({ all }) => <StandingCell counts={all} /> },
        ]}
      />
    </Panel>
  );
}

function Check({ column: { check, title, counts, severity }, at, org }: Omit<Props, 'map'> & { column: MapColumn }) {
  return (
    <>
      <TextLink to="/compliance/checks/$check" params={{ check }} search={{ at, org }} fw={600}>
        {title}
      </TextLink>{' '}
      <Tag tone={counts && severity === 'critical' ? 'bad' : counts ? 'warn' : 'plain'}>
        {counts ? severityWords[severity] : severityWords.minor}
      </Tag>
    </>
  );
}
