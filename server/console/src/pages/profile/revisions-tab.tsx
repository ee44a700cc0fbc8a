import { Accordion, Button, Group, Stack, Text } from '@mantine/core';
import { IconHistory, IconStack2 } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { ProfileDetail } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Empty } from '../../components/empty.tsx';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { actorWords } from '../../words.ts';
import { RevisionComparison } from './revision-comparison.tsx';
import { RevisionSettings } from './revision-settings.tsx';

type Revision = ProfileDetail['revisions'][number];

/** Every published revision, newest first; none of them ever changes. Any two compared, and the way back to one. */
export function RevisionsTab({ detail }: { detail: ProfileDetail }) {
  const { profile, version } = detail;
  const { history } = useRouter();
  const goBack = useMutation({
    mutationFn: (revision: number) =>
      call('returnToRevision', {
        params: { id: profile.id },
        body: { revision, version, note: `Back to revision ${revision}` },
      }),
    onSuccess: ({ change }) => history.push(`/changes/${encodeURIComponent(change.id)}`),
  });
  const revisions = detail.revisions.toSorted((a, b) => b.number - a.number);
  if (revisions.length === 0)
    return (
      <Panel title="Revisions">
        <Empty icon={IconStack2} title="No revisions yet">
          Each publication is kept here for good, with who did it and why.
        </Empty>
      </Panel>
    );
  return (
    <Stack gap="md">
      {revisions.length > 1 || profile.hasDraft ? <RevisionComparison detail={detail} /> : null}
      {goBack.error ? <Problem error={goBack.error} title="Nothing was proposed" /> : null}
      <Accordion
        variant="separated"
        chevronPosition="left"
        order={2}
        styles={{ item: { border: '1px solid var(--line)', background: 'var(--surface)' } }}
      >
        {revisions.map((revision) => (
          <Accordion.Item key={revision.number} value={String(revision.number)}>
            <Accordion.Control>
              <RevisionLine revision={revision} isPublished={revision.number === profile.publishedRevision} />
            </Accordion.Control>
            <Accordion.Panel>
              <Stack gap="md">
                <RevisionSettings settings={revision.settings} />
                {revision.number === profile.publishedRevision ? null : (
                  <Group gap="sm">
                    <Button
                      size="xs"
                      variant="default"
                      leftSection={<IconHistory size={14} />}
                      loading={goBack.isPending && goBack.variables === revision.number}
                      onClick={() => goBack.mutate(revision.number)}
                    >
                      Return to revision {revision.number}
                    </Button>
                    <Text size="xs" c="dimmed">
                      Proposes it as the next revision. You see whom it touches before anything is published.
                    </Text>
                  </Group>
                )}
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}

function RevisionLine({ revision, isPublished }: { revision: Revision; isPublished: boolean }) {
  return (
    <div>
      <Group gap="xs">
        <Text fw={600}>Revision {revision.number}</Text>
        {isPublished ? <Tag tone="good">Published</Tag> : null}
        <Text size="sm" c="dimmed" component="span">
          <When at={revision.publishedAt} /> · {actorWords(revision.by)}
        </Text>
      </Group>
      {revision.note ? <Text size="sm">{revision.note}</Text> : null}
    </div>
  );
}
