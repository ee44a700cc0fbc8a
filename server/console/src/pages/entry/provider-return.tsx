import { Button, Loader, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { call } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { takeJourney } from '../../provider-journey.ts';
import { EntryFrame } from './entry-frame.tsx';

/** Where a provider sends the browser back to. */
export function ProviderReturnPage() {
  const client = useQueryClient();
  const router = useRouter();
  const finish = useMutation({
    mutationFn: async () => {
      const journey = takeJourney();
      if (!journey) throw new Error('This did not begin in this tab. Begin again.');
      const query = window.location.search.slice(1);
      return { ...(await call('finishProvider', { body: { ticket: journey.ticket, query } })), place: journey.place };
    },
    onSuccess: async ({ place, purpose, entry }) => {
      client.clear();
      if (purpose === 'link') return router.history.replace('/security');
      router.history.replace(entry.staff ? place : `/sign-in?return=${encodeURIComponent(place)}`);
    },
  });
  const hasBegun = useRef(false);
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    finish.mutate();
  }, [finish]);
  return (
    <EntryFrame title="Signing in" lead={finish.error ? 'It did not work.' : 'One moment.'}>
      {finish.error ? (
        <Stack>
          <Problem error={finish.error} title="You are not signed in" />
          <Button onClick={() => router.history.replace('/sign-in')}>Back to the sign-in page</Button>
        </Stack>
      ) : (
        <Loader aria-label="Signing in" />
      )}
    </EntryFrame>
  );
}
