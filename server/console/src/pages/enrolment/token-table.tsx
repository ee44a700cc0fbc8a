import { Button, Text } from '@mantine/core';
import type { TokenView } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { actorWords, platformWords, tokenStatusWords } from '../../words.ts';

const tones = { open: 'good', used: 'plain', expired: 'plain', revoked: 'bad' } as const;

interface Props {
  tokens: readonly TokenView[];
  onRevoke: (token: TokenView) => void;
}

export function TokenTable({ tokens, onRevoke }: Props) {
  return (
    <Rows
      label="Enrolment tokens"
      rows={tokens}
      keyOf={(token) => token.id}
      columns={[
        { title: 'Token', main: true, cell: (token) => <TokenName token={token} /> },
        { title: 'Status', cell: (token) => <Tag tone={tones[token.status]}>{tokenStatusWords[token.status]}</Tag> },
        {
          title: 'Used',
          cell: (token) => `${token.uses.toLocaleString('en')} of ${token.maxUses.toLocaleString('en')}`,
        },
        { title: 'Expires', cell: (token) => <When at={token.expiresAt} /> },
        { title: 'For', cell: (token) => <Limits token={token} /> },
        {
          title: 'Change',
          cell: (token) =>
            token.status === 'open' ? (
              <Button size="compact-sm" variant="default" onClick={() => onRevoke(token)}>
                Revoke
              </Button>
            ) : (
              '–'
            ),
        },
      ]}
    />
  );
}

function TokenName({ token }: { token: TokenView }) {
  return (
    <div>
      <Text fw={600} size="sm">
        {token.label || 'Without a label'}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        made <When at={token.createdAt} /> by {actorWords(token.createdBy)}
      </Text>
    </div>
  );
}

function Limits({ token }: { token: TokenView }) {
  const limits = [token.orgName, token.platform ? platformWords[token.platform] : null].filter(Boolean).join(', ');
  return (
    <div>
      {token.person ? (
        <TextLink to="/people/$id" params={{ id: token.person.id }}>
          {token.person.name}
        </TextLink>
      ) : (
        limits || 'Any device'
      )}
      {token.approval === 'hold' ? (
        <Text size="xs" c="dimmed">
          held for approval
        </Text>
      ) : null}
    </div>
  );
}
