import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { auditQueries } from '../../audit-queries.ts';
import { whoWords } from '../../audit-words.ts';
import { Loaded } from '../../components/loaded.tsx';
import { PagerLine } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { Rows } from '../../components/rows.tsx';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';

const limit = 10;

/** Who saw what is kept of one person: on their own pages, on their tickets, and on the devices they held. */
export function LooksPanel({ personId }: { personId: string }) {
  const session = useQuery(queries.session());
  return session.data?.access?.permissions.includes('audit:read') ? <Looks personId={personId} /> : null;
}

function Looks({ personId }: { personId: string }) {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const looks = useQuery(auditQueries.looks(personId, { limit, ...(cursor && { cursor }) }));
  return (
    <Panel
      title="Who looked"
      note="At this person’s records, their tickets, and their devices while they held them. The same page again within ten minutes counts once."
    >
      <Loaded query={looks}>
        {(found) =>
          found.total === 0 ? (
            <Text size="sm">Nobody looked.</Text>
          ) : (
            <>
              <Rows
                label="Who looked"
                rows={found.items}
                keyOf={({ id }) => String(id)}
                columns={[
                  { title: 'Who', main: true, cell: (look) => whoWords(look) },
                  { title: 'What', wide: true, cell: ({ words, isErased }) => (isErased ? 'Erased' : words) },
                  { title: 'Why', cell: ({ reason }) => reason ?? '–' },
                  { title: 'When', cell: ({ at }) => <When at={at} /> },
                ]}
              />
              <PagerLine
                label="Pages of looks"
                page={cursors.length + 1}
                limit={limit}
                found={found}
                onBack={() => setCursors(cursors.slice(0, -1))}
                onNext={(next) => setCursors([...cursors, next])}
              />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
