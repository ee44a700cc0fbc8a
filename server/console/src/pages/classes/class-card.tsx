import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { ClassView, OverrideInput, OverrideView } from '../../../../../shared/api/schemas.ts';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { useNow } from '../../components/when.tsx';
import { overrideWords, untilWords } from '../../filter-words.ts';
import { timeOnly } from '../../time.ts';
import { actorWords, count } from '../../words.ts';
import { EndOverrideDialog } from '../overrides/override-table.tsx';
import classes from './class-card.module.css';
import { StudentsDialog } from './students-dialog.tsx';

interface Props {
  group: ClassView;
  onChoose: (kind: OverrideInput['kind']) => void;
}

/** A class with what is open or closed for it now, and the three things a teacher can do. */
export function ClassCard({ group, onChoose }: Props) {
  return (
    <Panel title={group.title} note={<About group={group} />} aside={<Lesson group={group} />}>
      <InForce overrides={group.overrides} />
      <Group gap="xs">
        <Button size="xs" onClick={() => onChoose('only')} aria-label={`Only these sites for ${group.title}`}>
          Only these sites
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => onChoose('allow')}
          aria-label={`Open these sites for ${group.title}`}
        >
          Open these sites
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => onChoose('block')}
          aria-label={`Close these sites for ${group.title}`}
        >
          Close these sites
        </Button>
      </Group>
    </Panel>
  );
}

function About({ group }: { group: ClassView }) {
  const { title, teachers, orgName, students, devices } = group;
  const [opened, dialog] = useDisclosure();
  return (
    <>
      {[teachers.join(', '), orgName].filter(Boolean).join(' · ') || 'No teacher on the roster'}
      {' · '}
      <Anchor component="button" type="button" size="sm" onClick={dialog.open} aria-label={`Students of ${title}`}>
        {count(students, 'student')}, {devices === students ? 'all' : devices} with a device
      </Anchor>
      <StudentsDialog group={group} opened={opened} onClose={dialog.close} />
    </>
  );
}

function Lesson({ group: { periodEnds } }: { group: ClassView }) {
  const now = useNow();
  if (periodEnds === null || Date.parse(periodEnds) <= now) return <Tag>No lesson now</Tag>;
  return <Tag tone="good">Lesson until {timeOnly(Date.parse(periodEnds))}</Tag>;
}

function InForce({ overrides }: { overrides: readonly OverrideView[] }) {
  const [ending, setEnding] = useState<OverrideView>();
  const now = useNow();
  if (overrides.length === 0)
    return (
      <Text size="sm" c="dimmed">
        As its profiles say: nothing is opened or closed for this class.
      </Text>
    );
  return (
    <Stack gap={6}>
      {overrides.map((override) => (
        <div key={override.id} className={classes.row}>
          <div className={classes.words}>
            <Text size="sm" fw={600}>
              {overrideWords(override)}
            </Text>
            <Text size="xs" c="dimmed">
              {untilWords(override.until, now)} · {override.reason} · {actorWords(override.by)}
            </Text>
          </div>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`End now: ${overrideWords(override)}`}
            onClick={() => setEnding(override)}
          >
            End now
          </Button>
        </div>
      ))}
      <EndOverrideDialog override={ending} onClose={() => setEnding(undefined)} />
    </Stack>
  );
}
