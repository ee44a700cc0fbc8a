import { Stack, Text } from '@mantine/core';
import { IconWorldSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import type { NameTestSearch } from '../../filter-routes.tsx';
import { queries } from '../../queries.ts';
import type { Input } from '../../request.ts';
import { NameTestForm } from './name-test-form.tsx';
import { NameTestResult } from './name-test-result.tsx';

const route = getRouteApi('/shell/test-name');

export function NameTestPage() {
  const asked = route.useSearch();
  const navigate = route.useNavigate();
  const complete = asked.name !== undefined && (asked.person ?? asked.device) !== undefined;
  const result = useQuery({
    ...queries.nameTest(questionOf(asked)),
    enabled: complete,
    staleTime: 0,
    retry: false,
  });
  const ask = async (question: NameTestSearch) => {
    const same = JSON.stringify(questionOf(question)) === JSON.stringify(questionOf(asked));
    await (same ? result.refetch() : navigate({ search: question }));
  };
  return (
    <Page
      title="Test a name"
      lead="What a name gets on somebody’s device at a time and place, and why: by the same rules as on the device itself. Nothing is asked of the network."
    >
      <NameTestForm asked={asked} busy={result.isFetching} onAsk={(question) => void ask(question)} />
      {complete ? (
        <Loaded query={result} skeleton={<Text c="dimmed">Working it out…</Text>}>
          {(test) => (
            <Stack gap="md">
              <NameTestResult test={test} />
            </Stack>
          )}
        </Loaded>
      ) : (
        <Empty icon={IconWorldSearch} title="Nothing tested yet">
          The address of this page holds your question: send it to a colleague, and they see the same.
        </Empty>
      )}
    </Page>
  );
}

function questionOf({ name = '', person, device, at, place }: NameTestSearch): Input<'testName'>['body'] {
  return {
    name,
    ...(person ? { personId: person } : {}),
    ...(device ? { deviceId: device } : {}),
    ...(at ? { at } : {}),
    ...(place ? { place } : {}),
  };
}
