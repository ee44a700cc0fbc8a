import { SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { LibraryCheck } from '../../../../../shared/api/schemas.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { parametersOf } from '../../parameter-words.ts';
import { bindsWords, DemandTag, demandWords } from './demand.tsx';

/** What a check is about, how it is fixed, and what the district decided. */
export function CheckFacts({ check }: { check: LibraryCheck }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Panel title="Why and how">
        <Stack gap="sm">
          <Said title="Why it matters">{check.why}</Said>
          <Said title="How the person fixes it">{check.fix}</Said>
          {check.fixTechnician ? <Said title="How a technician fixes it">{check.fixTechnician}</Said> : null}
          {check.reference ? <Said title="Reference">{check.reference}</Said> : null}
        </Stack>
      </Panel>
      <Panel title="In this district">
        <Decided check={check} />
      </Panel>
    </SimpleGrid>
  );
}

function Said({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </div>
  );
}

function Decided({ check: { demand, defaults, parameters } }: { check: LibraryCheck }) {
  const values = parametersOf(parameters, demand.parameters, defaults);
  return (
    <Facts
      facts={[
        ['Weight', <DemandTag key="weight" demand={demand} />],
        ['Time to fix', demandWords(demand)],
        ['Binds', bindsWords(demand)],
        ...values.map(
          ({ name, title, value, own }) =>
            [
              title,
              <span key={name}>
                {value} {own ? <Tag>Own value</Tag> : null}
              </span>,
            ] as const,
        ),
      ]}
    />
  );
}
