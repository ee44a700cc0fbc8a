import { Group, Text } from '@mantine/core';
import type { ListView } from '../../../../../shared/api/schemas.ts';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { count } from '../../words.ts';
import type { ListAct } from './list-dialogs.tsx';
import { ListMenu } from './list-menu.tsx';

interface Props {
  lists: readonly ListView[];
  onAct: (act: ListAct) => void;
}

export function ListTable({ lists, onAct }: Props) {
  const columns: Column<ListView>[] = [
    { title: 'Category', main: true, cell: (list) => <Category list={list} /> },
    { title: 'Names', align: 'right', cell: (list) => <Names list={list} /> },
    { title: 'Source', cell: (list) => <Source list={list} /> },
    { title: 'Licence', cell: (list) => list.licence || 'Not given' },
    { title: 'Refreshed', cell: (list) => <Refreshed list={list} /> },
    { title: 'Change', cell: (list) => <ListMenu list={list} onAct={onAct} /> },
  ];
  return <Rows label="Filter lists" rows={lists} keyOf={(list) => list.category} columns={columns} />;
}

function Category({ list: { title, category, rollout } }: { list: ListView }) {
  return (
    <Group gap={6}>
      <Text fw={600} size="sm">
        {title}
      </Text>
      <Tag>{category}</Tag>
      {rollout ? (
        <Tag tone={rollout.state === 'halted' ? 'bad' : 'warn'}>
          {rollout.state === 'halted' ? 'New version halted' : `New version: ${Math.round(rollout.percent)} %`}
        </Tag>
      ) : null}
    </Group>
  );
}

function Names({ list: { names, skipped, exceptions } }: { list: ListView }) {
  return (
    <div>
      <span className="numeric">{names.toLocaleString('en')}</span>
      {skipped > 0 ? (
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {count(skipped, 'row')} left out
        </Text>
      ) : null}
      {exceptions.length > 0 ? (
        <Text size="xs" c="dimmed">
          {count(exceptions.length, 'exception')}
        </Text>
      ) : null}
    </div>
  );
}

const formatWords: Record<string, string> = {
  hosts: 'Hosts file',
  domains: 'Plain domains',
  wildcard: 'Wildcards',
  adblock: 'Adblock DNS',
  rpz: 'RPZ',
};

function Source({ list: { url, source, format } }: { list: ListView }) {
  return (
    <div>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {url ?? (source || 'A file')}
      </Text>
      <Text size="xs" c="dimmed">
        {url ? 'Address' : 'File'} · {formatWords[format] ?? format}
      </Text>
    </div>
  );
}

function Refreshed({ list: { url, refreshHours, refreshedAt, refreshProblem, updatedAt } }: { list: ListView }) {
  if (url === null)
    return (
      <div>
        Imported <When at={updatedAt} />
      </div>
    );
  return (
    <div>
      <When at={refreshedAt} />
      <Text size="xs" c="dimmed">
        {refreshHours === null ? '' : `every ${count(refreshHours, 'hour')}`}
      </Text>
      {refreshProblem ? (
        <Text size="xs" c="var(--verdict-noncompliant-text)" maw={260}>
          {refreshProblem}
        </Text>
      ) : null}
    </div>
  );
}
