import { Text } from '@mantine/core';
import type { ChangeSummary } from '../../../../../shared/api/schemas.ts';
import { changeStateWords, needsWords } from '../../change-words.ts';
import { TextLink } from '../../components/links.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { actorWords, count, percent } from '../../words.ts';

const columns: readonly Column<ChangeSummary>[] = [
  { title: 'Change', main: true, cell: (change) => <What change={change} /> },
  {
    title: 'State',
    cell: ({ state }) => <Tag tone={changeStateWords[state].tone}>{changeStateWords[state].label}</Tag>,
  },
  { title: 'Size', cell: (change) => <Size change={change} /> },
  { title: 'Proposed by', cell: (change) => <Who change={change} /> },
  { title: 'What next', cell: (change) => <Needs change={change} /> },
];

/** Changes with their size and what each still waits for. */
export function ChangeTable({ changes }: { changes: readonly ChangeSummary[] }) {
  return <Rows label="Changes" rows={changes} keyOf={({ id }) => id} columns={columns} />;
}

function What({ change: { id, title, items, comments } }: { change: ChangeSummary }) {
  return (
    <div>
      <TextLink to="/changes/$id" params={{ id }} fw={600}>
        {title}
      </TextLink>
      <Text size="xs" c="dimmed">
        {items.map(({ name }) => name).join(', ')}
        {comments > 0 ? ` · ${count(comments, 'comment')}` : ''}
      </Text>
    </div>
  );
}

function Size({ change: { devices, people, percent: share } }: { change: ChangeSummary }) {
  return (
    <div className="numeric">
      {count(devices, 'device')}
      <Text size="xs" c="dimmed">
        {count(people, 'person', 'people')} · {percent(share)} of all devices
      </Text>
    </div>
  );
}

function Who({ change: { by, at } }: { change: ChangeSummary }) {
  return (
    <div>
      {actorWords(by)}
      <Text size="xs" c="dimmed" component="div">
        <When at={at} />
      </Text>
    </div>
  );
}

function Needs({ change }: { change: ChangeSummary }) {
  const { publishAt, publishedAt, rolloutId, mayApprove } = change;
  if (rolloutId !== null)
    return (
      <TextLink to="/rollouts/$id" params={{ id: rolloutId }}>
        Rollout
      </TextLink>
    );
  if (publishedAt !== null) return <When at={publishedAt} as="moment" />;
  return (
    <div>
      {needsWords(change)} {mayApprove ? <Tag tone="warn">You can approve it</Tag> : null}
      {publishAt === null ? null : (
        <Text size="xs" c="dimmed" component="div">
          goes out <When at={publishAt} as="moment" />
        </Text>
      )}
    </div>
  );
}
