import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { AuditDetail } from '../../../../../shared/api/schemas.ts';
import { auditQueries } from '../../audit-queries.ts';
import { codeWords, erasedWords, whoWords } from '../../audit-words.ts';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Rows } from '../../components/rows.tsx';
import { SubjectLink } from '../../components/subject-link.tsx';
import { When } from '../../components/when.tsx';

const route = getRouteApi('/shell/audit/$id');
const parent = { to: '/audit', label: 'Audit' } as const;

export function AuditRowPage() {
  const { id } = route.useParams();
  const row = useQuery(auditQueries.row(Number(id)));
  return (
    <Page title={row.data ? codeWords(row.data.code) : 'A row of the audit'} parent={parent}>
      <Loaded query={row}>{(detail) => <RowView detail={detail} />}</Loaded>
    </Page>
  );
}

function RowView({ detail }: { detail: AuditDetail }) {
  const { words, isErased, at, address, subject, reason, ticketId, approver } = detail;
  return (
    <Stack gap="md">
      <Panel title={isErased ? 'Erased' : 'What happened'}>
        <Text style={{ overflowWrap: 'anywhere' }}>{isErased ? erasedWords : words}</Text>
        <Facts
          facts={[
            ['When', <When key="when" at={at} />],
            ['Who', whoWords(detail)],
            ['From', address ?? '–'],
            ['About', <SubjectLink key="about" subject={subject} />],
            ['Reason', reason ?? '–'],
            ['Ticket', ticketId === null ? '–' : <Ticket key="ticket" id={ticketId} />],
            ['Approved by', approver ?? '–'],
          ]}
        />
      </Panel>
      {detail.changes.length > 0 ? <Changes changes={detail.changes} /> : null}
      <Proof detail={detail} />
    </Stack>
  );
}

function Ticket({ id }: { id: string }) {
  return (
    <TextLink to="/tickets/$id" params={{ id }} size="sm">
      Open it
    </TextLink>
  );
}

function Changes({ changes }: Pick<AuditDetail, 'changes'>) {
  return (
    <Rows
      label="Before and after"
      rows={changes}
      keyOf={({ path }) => path}
      columns={[
        { title: 'Where', main: true, cell: ({ path }) => path || 'Itself' },
        { title: 'Before', wide: true, cell: ({ before }) => <Side>{before}</Side> },
        { title: 'After', wide: true, cell: ({ after }) => <Side>{after}</Side> },
      ]}
    />
  );
}

function Side({ children }: { children: string | null }) {
  if (children === null)
    return (
      <Text size="sm" c="dimmed">
        none
      </Text>
    );
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
      {children}
    </Text>
  );
}

function Proof({ detail: { id, digest, previousHash, hash, isSealed, erasedBy, session } }: { detail: AuditDetail }) {
  const code = (text: string) => <code style={{ overflowWrap: 'anywhere' }}>{text}</code>;
  return (
    <Panel title="Proof" note="SHA-256, base64url. How they are made is in the documentation.">
      <Facts
        facts={[
          ['Row', id.toLocaleString('en')],
          ['Personal fields', code(digest)],
          ['Row before', previousHash === '' ? 'the first' : code(previousHash)],
          ['This row', code(hash)],
          ['Sealed', isSealed ? 'with the key of this server' : 'not: from before the audit was sealed'],
          ['Session', session ?? '–'],
          ...(erasedBy === null ? [] : [['Erased by', <ErasedBy key="by" id={erasedBy} />] as const]),
        ]}
      />
    </Panel>
  );
}

function ErasedBy({ id }: { id: number }) {
  return (
    <TextLink to="/audit/$id" params={{ id: String(id) }} size="sm">
      row {id.toLocaleString('en')}
    </TextLink>
  );
}
