import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { LibraryCheck } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { StandingCell } from '../../components/standing-cell.tsx';
import { queries } from '../../queries.ts';
import { bindsWords, DemandTag, demandWords } from './demand.tsx';

const columns: Column<LibraryCheck>[] = [
  { title: 'Check', main: true, cell: (row) => <Title row={row} /> },
  { title: 'Weight', cell: ({ demand }) => <DemandTag demand={demand} /> },
  { title: 'Time to fix', cell: ({ demand }) => demandWords(demand) },
  { title: 'Binds', cell: ({ demand }) => bindsWords(demand) },
  { title: 'How it stands', wide: true, cell: ({ counts }) => <StandingCell counts={counts} /> },
];

/** Every check there is, with what the district decided about it. */
export function ChecksPage() {
  const checks = useQuery(queries.checks());
  return (
    <Page
      title="Check library"
      parent={{ to: '/compliance', label: 'Compliance' }}
      lead={
        <>
          What Rollcall looks at on each device, and why. Which of them count, for whom and how much, is decided in the{' '}
          <TextLink to="/compliance-policy">compliance policy</TextLink>.
        </>
      }
    >
      <Loaded query={checks}>
        {({ items }) => <Rows label="Checks" rows={inOrder(items)} keyOf={({ check }) => check} columns={columns} />}
      </Loaded>
    </Page>
  );
}

/** Those that turn the verdict first, otherwise as the library has them. */
const inOrder = (items: readonly LibraryCheck[]) =>
  items.toSorted((a, b) => Number(b.demand.counts) - Number(a.demand.counts));

function Title({ row: { check, title, why } }: { row: LibraryCheck }) {
  return (
    <div>
      <TextLink to="/compliance/checks/$check" params={{ check }} fw={600} size="sm">
        {title}
      </TextLink>
      <Text size="xs" c="dimmed">
        {why}
      </Text>
    </div>
  );
}
