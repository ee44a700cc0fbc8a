import { Group, Text } from '@mantine/core';
import type { ApprovalView } from '../../../../../shared/api/schemas.ts';
import { approvalKindWords, approvalStateWords, signedWords } from '../../command-words.ts';
import { TextLink } from '../../components/links.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { actorWords } from '../../words.ts';

const columns: readonly Column<ApprovalView>[] = [
  { title: 'What', main: true, cell: (approval) => <What approval={approval} /> },
  { title: 'State', cell: (approval) => <State approval={approval} /> },
  { title: 'Signatures', cell: (approval) => <Signatures approval={approval} /> },
  { title: 'Asked by', cell: (approval) => <Who approval={approval} /> },
  { title: 'Until', cell: ({ state, expiresAt }) => (state === 'open' ? <When at={expiresAt} /> : '–') },
];

export function ApprovalTable({ approvals }: { approvals: readonly ApprovalView[] }) {
  return <Rows label="Approvals" rows={approvals} keyOf={({ id }) => id} columns={columns} />;
}

function What({ approval: { id, title, kind, reason } }: { approval: ApprovalView }) {
  return (
    <div>
      <TextLink to="/approvals/$id" params={{ id }} fw={600}>
        {title}
      </TextLink>
      <Text size="xs" c="dimmed">
        {approvalKindWords[kind]} · {reason}
      </Text>
    </div>
  );
}

function State({ approval: { state, maySign } }: { approval: ApprovalView }) {
  const { label, tone } = approvalStateWords[state];
  return (
    <Group gap={6}>
      <Tag tone={tone}>{label}</Tag>
      {state === 'open' && maySign ? <Tag tone="grace">You can sign it</Tag> : null}
    </Group>
  );
}

function Signatures({ approval }: { approval: ApprovalView }) {
  return (
    <div className="numeric">
      {signedWords(approval)}
      <Text size="xs" c="dimmed">
        {approval.signed.map(({ by }) => actorWords(by)).join(', ')}
      </Text>
    </div>
  );
}

function Who({ approval: { by, at } }: { approval: ApprovalView }) {
  return (
    <div>
      {actorWords(by)}
      <Text size="xs" c="dimmed" component="div">
        <When at={at} />
      </Text>
    </div>
  );
}
