import { Collapse, Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import type { SectionView } from '../../../../../shared/api/schemas.ts';
import { StatusTag } from '../../components/status-tag.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { EvidenceTable } from './evidence-table.tsx';
import classes from './section-status.module.css';

/** One section with its reported status; the evidence is open from the start when something is wrong. */
export function SectionStatus({ section }: { section: SectionView }) {
  const [opened, { toggle }] = useDisclosure(section.status === 'failed');
  return (
    <div className={classes.section}>
      <UnstyledButton
        className={classes.head}
        onClick={toggle}
        aria-expanded={opened}
        disabled={section.evidence.length === 0}
      >
        <Group gap="xs">
          <Text fw={600}>{section.title}</Text>
          <StatusTag status={section.status} />
          {section.upToDate ? null : <Tag tone="warn">about an earlier state</Tag>}
        </Group>
        <Group gap="xs" c="dimmed" wrap="nowrap">
          <Text size="sm" component="span">
            {section.reportedAt ? <When at={section.reportedAt} /> : 'not reported yet'}
          </Text>
          {section.evidence.length > 0 ? (
            <IconChevronDown size={16} className={classes.arrow} data-open={opened} />
          ) : null}
        </Group>
      </UnstyledButton>
      {section.failure ? (
        <Text size="sm" c="var(--verdict-noncompliant-text)" mt={4} style={{ overflowWrap: 'anywhere' }}>
          {section.failure.message} ({section.failure.code})
        </Text>
      ) : null}
      <Collapse expanded={opened}>
        <EvidenceTable evidence={section.evidence} />
      </Collapse>
    </div>
  );
}
