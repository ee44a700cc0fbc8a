import { List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ApprovalView } from '../../../../../shared/api/schemas.ts';
import { approvalKindWords, approvalStateWords, signedWords } from '../../command-words.ts';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { actorWords } from '../../words.ts';
import { ApprovalActions } from './approval-actions.tsx';
import { SignedText } from './signed-text.tsx';

const route = getRouteApi('/shell/approvals/$id');
const parent = { to: '/approvals', label: 'Approvals' } as const;

export function ApprovalPage() {
  const { id } = route.useParams();
  const approval = useQuery(helpdeskQueries.approval(id));
  if (approval.data) return <Asked approval={approval.data} />;
  return (
    <Page title="Approval" parent={parent}>
      <Loaded query={approval}>{(view) => <Asked approval={view} />}</Loaded>
    </Page>
  );
}

function Asked({ approval }: { approval: ApprovalView }) {
  const { title, kind, state, lines, reason, by, at, expiresAt, signed } = approval;
  const { label, tone } = approvalStateWords[state];
  return (
    <Page
      title={title}
      parent={parent}
      badge={<Tag tone={tone}>{label}</Tag>}
      lead={
        <>
          {approvalKindWords[kind]}, asked for by {actorWords(by)} <When at={at} />
        </>
      }
    >
      <Panel title="What it does" note="In the server’s words. What counts is the text below: read both.">
        <List size="sm" spacing={6} style={{ overflowWrap: 'anywhere' }}>
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
        <Facts
          facts={[
            ['Reason', reason],
            ...(state === 'open'
              ? [['To be signed until', <When key="until" at={expiresAt} as="moment" />] as const]
              : []),
            ...subjectFact(approval),
          ]}
        />
      </Panel>
      <SignedText text={approval.text} />
      <Panel title="Signatures" note={signedWords(approval)}>
        {signed.length === 0 ? (
          <Text size="sm" c="dimmed">
            Nobody has signed it yet.
          </Text>
        ) : (
          <Facts facts={signed.map((one) => [actorWords(one.by), <When key={one.by} at={one.at} as="moment" />])} />
        )}
        {state === 'open' ? <ApprovalActions approval={approval} /> : null}
      </Panel>
    </Page>
  );
}

/** Where what it is about is seen, where it has a page. */
function subjectFact({ subject: { kind, id } }: ApprovalView) {
  if (kind === 'command')
    return [
      [
        'About',
        <TextLink key="command" to="/commands/$id" params={{ id }}>
          The command
        </TextLink>,
      ] as const,
    ];
  if (kind === 'script')
    return [
      [
        'About',
        <TextLink key="script" to="/scripts/$id" params={{ id }}>
          The script
        </TextLink>,
      ] as const,
    ];
  const to = kind === 'approvers' ? '/approvers' : '/recovery';
  return [
    [
      'About',
      <TextLink key="page" to={to}>
        {approvalKindWords[kind]}
      </TextLink>,
    ] as const,
  ];
}
