import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { PolicyPreview } from '../../../../../shared/api/schemas.ts';
import type { CompliancePolicy } from '../../../../../shared/compliance/policy.ts';
import { checkName, unitName } from '../../compliance-map.ts';
import { TextLink } from '../../components/links.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { queries } from '../../queries.ts';
import { count } from '../../words.ts';
import { PreviewCounts } from './preview-counts.tsx';
import { PreviewPeople } from './preview-people.tsx';

const restMs = 500;
const few = 6;

export interface Preview {
  query: UseQueryResult<PolicyPreview>;
  /** What is shown is about the policy as it is now, not as it was some keystrokes ago. */
  settled: boolean;
}

/** What would be true under a policy that is not saved, once nothing has been changed for a moment; undefined asks nothing. */
export function usePolicyPreview(policy: CompliancePolicy | undefined): Preview {
  const [rested] = useDebouncedValue(policy, restMs);
  const asked = policy && rested;
  const query = useQuery({
    ...queries.policyPreview({ policy: asked ?? { graceDays: 0, checks: [] } }),
    enabled: asked !== undefined,
  });
  return { query, settled: rested === policy && !query.isPlaceholderData };
}

/** Who would stand differently, before anything is saved. */
export function PreviewPanel({ preview: { query, settled } }: { preview: Preview }) {
  return (
    <Panel
      title="Who would stand differently"
      note="With the changes above, as things stand now. Nothing is saved yet. In a large district this takes up to half a minute."
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={2} height={72} />}>
        {(found) => (
          <Stack gap="md" style={settled ? undefined : { opacity: 0.6 }} aria-busy={!settled || undefined}>
            <Text fw={600} role="status">
              {changedWords(found)}
            </Text>
            <PreviewCounts preview={found} />
            <Where preview={found} />
            <PreviewPeople changes={found.changes} changed={found.changed} most={few} />
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}

/** The whole of it in one sentence. */
export function changedWords({ changed }: Pick<PolicyPreview, 'changed'>): string {
  if (changed === 0) return 'Nobody would stand differently.';
  return `${count(changed, 'person', 'people')} would stand differently.`;
}

/** The checks that do it, and the schools it falls on. */
function Where({ preview: { checks, units } }: { preview: PolicyPreview }) {
  if (checks.length + units.length === 0) return null;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <List title="By check">
        {checks.slice(0, few).map((one) => (
          <li key={one.check}>
            <b>{checkName(one)}</b>: {one.failingBefore.toLocaleString('en')} →{' '}
            {count(one.failingAfter, 'failing device')}, {one.turning.toLocaleString('en')} of them new
          </li>
        ))}
        {checks.length > few ? <li>and {count(checks.length - few, 'more check')}</li> : null}
      </List>
      <List title="By school">
        {units.slice(0, few).map((unit) => (
          <li key={unit.orgId}>
            {unit.orgId === '' ? (
              unitName(unit)
            ) : (
              <TextLink to="/compliance" search={{ org: unit.orgId }}>
                {unitName(unit)}
              </TextLink>
            )}
            : {count(unit.worse, 'person', 'people')} worse, {unit.better.toLocaleString('en')} better
          </li>
        ))}
        {units.length > few ? <li>and {count(units.length - few, 'more school')}</li> : null}
      </List>
    </SimpleGrid>
  );
}

function List({ title, children }: { title: string; children: ReactNode[] }) {
  if (children.flat().every((item) => item === null)) return null;
  return (
    <div>
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <ul style={{ margin: 0, paddingLeft: 18, fontSize: '0.875rem', overflowWrap: 'anywhere' }}>{children}</ul>
    </div>
  );
}
