import { Accordion, Group, Text } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import type { ProfileDetail } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { Panel } from '../../components/panel.tsx';
import { When } from '../../components/when.tsx';
import { actorWords } from '../../words.ts';
import { RevisionSettings } from './revision-settings.tsx';

type Revision = ProfileDetail['revisions'][number];

/** Every published revision, newest first; none of them ever changes. */
export function RevisionsTab({ detail }: { detail: ProfileDetail }) {
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
    <Accordion variant="separated" chevronPosition="left">
      {revisions.map((revision) => (
        <Accordion.Item key={revision.number} value={String(revision.number)}>
          <Accordion.Control>
            <RevisionLine revision={revision} />
          </Accordion.Control>
          <Accordion.Panel>
            <RevisionSettings settings={revision.settings} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function RevisionLine({ revision }: { revision: Revision }) {
  return (
    <div>
      <Group gap="xs">
        <Text fw={600}>Revision {revision.number}</Text>
        <Text size="sm" c="dimmed" component="span">
          <When at={revision.publishedAt} /> · {actorWords(revision.by)}
        </Text>
      </Group>
      {revision.note ? <Text size="sm">{revision.note}</Text> : null}
    </div>
  );
}
