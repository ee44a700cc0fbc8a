import type { ComplianceMap, StatusCounts } from '../../../../../shared/api/schemas.ts';
import { columnsOf, type MapColumn, standingOf, standingWords } from '../../compliance-map.ts';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { Rows } from '../../components/rows.tsx';
import { StatusBar, StatusLegend } from '../../components/status-bar.tsx';
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
          { title: 'Devices', cell: ({ all }) => <Bar counts={all} /> },
          { title: 'How it stands', cell: ({ all }) => standingWords(standingOf(all)) },
        ]}
      />
    </Panel>
  );
}

function Bar({ counts }: { counts: StatusCounts }) {
  return (
    <div style={{ minWidth: 140 }}>
      <StatusBar counts={counts} />
    </div>
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
