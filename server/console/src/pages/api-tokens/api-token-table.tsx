import { Button, Group, Text } from '@mantine/core';
import type { ApiTokenView } from '../../../../../shared/api/schemas.ts';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { apiTokenStatusWords, scopeTitles } from '../../interface-words.ts';
import { actorWords } from '../../words.ts';

const tones = { live: 'good', expired: 'plain', revoked: 'bad' } as const;

interface Props {
  tokens: readonly ApiTokenView[];
  onRevoke: (token: ApiTokenView) => void;
}

export function ApiTokenTable({ tokens, onRevoke }: Props) {
  const columns: Column<ApiTokenView>[] = [
    { title: 'Token', main: true, cell: (token) => <Name token={token} /> },
    { title: 'May', cell: (token) => <Scopes token={token} /> },
    { title: 'Status', cell: ({ status }) => <Tag tone={tones[status]}>{apiTokenStatusWords[status]}</Tag> },
    { title: 'Last used', cell: ({ lastUsedAt }) => <When at={lastUsedAt} /> },
    { title: 'Expires', cell: ({ expiresAt }) => <When at={expiresAt} as="date" /> },
    {
      title: 'Change',
      cell: (token) =>
        token.status === 'live' ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Revoke ${token.name}`}
            onClick={() => onRevoke(token)}
          >
            Revoke
          </Button>
        ) : (
          '–'
        ),
    },
  ];
  return <Rows label="API tokens" rows={tokens} keyOf={({ id }) => id} columns={columns} />;
}

function Name({ token }: { token: ApiTokenView }) {
  return (
    <div>
      <Text fw={600} size="sm">
        {token.name}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {actorWords(token.createdBy)}, <When at={token.createdAt} as="date" />
      </Text>
    </div>
  );
}

function Scopes({ token }: { token: ApiTokenView }) {
  return (
    <Group gap={4}>
      {token.scopes.map((scope) => (
        <Tag key={scope}>{scopeTitles[scope]}</Tag>
      ))}
    </Group>
  );
}
