import { Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { DeletionProof } from '../../../../../shared/api/schemas.ts';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { Rows } from '../../components/rows.tsx';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';

const shown = 20;
const whatWords: Record<DeletionProof['what'], string> = { names: 'Names', counts: 'Numbers' };

/** What was deleted when its time was over, with the proof. */
export function Deletions() {
  const deletions = useQuery(queries.deletions({ limit: shown }));
  return (
    <Panel
      title="Deleted when its time was over"
      note="The proof is a SHA-256 over the keys of the rows that went, written when they were deleted."
    >
      <Loaded query={deletions} skeleton={<RowsSkeleton rows={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing has been deleted yet.
            </Text>
          ) : (
            <Rows
              label="Deletions"
              rows={items}
              keyOf={(proof) => `${proof.at} ${proof.what}`}
              columns={[
                { title: 'When', main: true, cell: (proof) => <When at={proof.at} as="moment" /> },
                { title: 'What', cell: (proof) => whatWords[proof.what] },
                { title: 'Older than', cell: (proof) => <When at={proof.olderThan} as="date" /> },
                {
                  title: 'Rows',
                  align: 'right',
                  cell: (proof) => <span className="numeric">{proof.rows.toLocaleString('en')}</span>,
                },
                { title: 'Proof', cell: (proof) => <Code style={{ wordBreak: 'break-all' }}>{proof.digest}</Code> },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
