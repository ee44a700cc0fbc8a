import { Group, Text } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ScriptView } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { list } from '../../rollout-words.ts';
import { actorWords, platformWords } from '../../words.ts';

const columns: readonly Column<ScriptView>[] = [
  { title: 'Script', main: true, cell: (script) => <What script={script} /> },
  { title: 'System', cell: ({ content }) => platformWords[content.platform] },
  { title: 'State', cell: (script) => <ScriptState script={script} /> },
  { title: 'Published', cell: ({ published }) => (published ? <Published published={published} /> : '–') },
];

export function ScriptsPage() {
  const scripts = useQuery(helpdeskQueries.scripts());
  const write = (
    <ButtonLink to="/scripts/$id" params={{ id: 'new' }}>
      New script
    </ButtonLink>
  );
  return (
    <Page
      title="Scripts"
      lead="The district’s library: what technicians may run on devices, each reviewed and signed by two approvers."
      actions={write}
    >
      <Loaded query={scripts}>
        {({ items }) =>
          items.length > 0 ? (
            <Rows label="Scripts" rows={items} keyOf={({ id }) => id} columns={columns} />
          ) : (
            <Empty icon={IconTerminal2} title="The library is empty" action={write}>
              Write what you do again and again; it can be run once two approvers have signed it.
            </Empty>
          )
        }
      </Loaded>
    </Page>
  );
}

function What({ script: { id, content } }: { script: ScriptView }) {
  return (
    <div>
      <TextLink to="/scripts/$id" params={{ id }} fw={600}>
        {content.name}
      </TextLink>
      <Text size="xs" c="dimmed">
        {content.description}
      </Text>
    </div>
  );
}

/** Whether it can be run, and what is still to be signed. */
export function ScriptState({ script: { isDraft, published, approvalId } }: { script: ScriptView }) {
  return (
    <Group gap={6}>
      {published ? <Tag tone="good">Can be run</Tag> : <Tag>Not published</Tag>}
      {approvalId === null ? null : <Tag tone="warn">Waits for signatures</Tag>}
      {isDraft && approvalId === null ? <Tag tone="grace">Draft</Tag> : null}
    </Group>
  );
}

function Published({ published: { revision, at, signedBy } }: { published: NonNullable<ScriptView['published']> }) {
  return (
    <div>
      Revision {revision}, <When at={at} />
      <Text size="xs" c="dimmed">
        {list(signedBy.map(actorWords))}
      </Text>
    </div>
  );
}
