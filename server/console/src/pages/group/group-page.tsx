import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { GroupDetail } from '../../../../../shared/api/schemas.ts';
import type { GroupContent } from '../../../../../shared/policy/group.ts';
import { call } from '../../api.ts';
import { DraftBar } from '../../components/draft/draft-bar.tsx';
import { useDraft } from '../../components/draft/use-draft.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { SelectorReach } from '../../components/selector/reached.tsx';
import { SelectorBuilder } from '../../components/selector/selector-builder.tsx';
import { Tag } from '../../components/tag.tsx';
import { groupProblem } from '../../group-form.ts';
import { queries } from '../../queries.ts';
import { reachWords } from '../../reach-words.ts';
import { DeleteGroupDialog } from './delete-group-dialog.tsx';
import { GroupRevisions } from './group-revisions.tsx';
import { ListEditor } from './list-editor.tsx';

const route = getRouteApi('/shell/groups/$id');
const parent = { to: '/groups', label: 'Groups' } as const;

export function GroupPage() {
  const { id } = route.useParams();
  const group = useQuery(queries.group(id));
  if (group.data) return <GroupView key={id} detail={group.data} />;
  return (
    <Page title="Group" parent={parent}>
      <Loaded query={group}>{(detail) => <GroupView key={id} detail={detail} />}</Loaded>
    </Page>
  );
}

function GroupView({ detail }: { detail: GroupDetail }) {
  const { group } = detail;
  const [deleting, dialog] = useDisclosure();
  return (
    <Page
      title={group.name}
      parent={parent}
      badge={<State detail={detail} />}
      lead={group.description}
      actions={
        <Button variant="default" leftSection={<IconTrash size={16} />} onClick={dialog.open}>
          Delete…
        </Button>
      }
    >
      <Stack gap="md">
        <GroupEditor detail={detail} />
        {group.publishedRevision === null ? null : <Members detail={detail} />}
        <UsedBy names={group.usedBy} />
        <GroupRevisions revisions={detail.revisions} />
      </Stack>
      <DeleteGroupDialog group={group} opened={deleting} onClose={dialog.close} />
    </Page>
  );
}

function State({ detail: { group } }: { detail: GroupDetail }) {
  if (group.publishedRevision === null) return <Tag tone="outline">Not published</Tag>;
  return group.hasDraft ? <Tag tone="warn">Draft not published</Tag> : null;
}

function GroupEditor({ detail }: { detail: GroupDetail }) {
  const { group } = detail;
  const params = { id: group.id };
  const draft = useDraft<GroupContent, GroupDetail>(detail, {
    queryKey: queries.group(group.id).queryKey,
    list: 'groups',
    save: (content, version) => call('saveGroupDraft', { params, body: { content, version } }),
    discard: () => call('discardGroupDraft', { params }),
  });
  const { content } = draft;
  const problem = groupProblem(content);
  return (
    <>
      {content.kind === 'rule' ? (
        <Panel title="Who is in it" note="Whoever these conditions mean, as the roster and the devices say today.">
          <SelectorBuilder
            selector={content.selector}
            onChange={(selector) => draft.setContent(() => ({ kind: 'rule', selector }))}
          />
        </Panel>
      ) : (
        <ListEditor
          id={group.id}
          content={content}
          onChange={(next) => draft.setContent(() => next)}
          onImported={draft.take}
        />
      )}
      <DraftBar
        draft={draft}
        saved={group}
        problems={problem ? [{ place: 'Who is in it', words: problem }] : []}
        proposal={`/changes/new?group=${encodeURIComponent(group.id)}`}
        lost="The changes of this group have not been saved as a draft."
      />
    </>
  );
}

/** By what is published: the draft counts for nothing yet. */
function Members({ detail: { group, revisions } }: { detail: GroupDetail }) {
  const published = revisions.find(({ number }) => number === group.publishedRevision)?.content;
  const selector = published?.kind === 'rule' ? published.selector : ({ kind: 'group', group: group.name } as const);
  return (
    <Panel
      title="Its devices now"
      note={`As published in revision ${group.publishedRevision}. ${reachWords(group.reach)}.`}
    >
      <SelectorReach selector={selector} />
    </Panel>
  );
}

function UsedBy({ names }: { names: readonly string[] }) {
  return (
    <Panel title="Used by">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {names.length === 0 ? 'Nothing yet: no profile and no other group names it.' : names.join(', ')}
      </Text>
    </Panel>
  );
}
