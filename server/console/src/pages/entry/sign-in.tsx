import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Navigate, useRouter } from '@tanstack/react-router';
import { call } from '../../api.ts';
import { queries } from '../../queries.ts';
import { FirstFactor } from './first-factor.tsx';
import { FirstStep } from './first-step.tsx';
import { SecondFactor } from './second-factor.tsx';

const route = getRouteApi('/sign-in');

/** Signing in, as far as the session has got: first factor, second, or the first one ever. */
export function SignInPage() {
  const { return: place } = route.useSearch();
  // Recovery codes are shown on this page: nothing but the person takes it away.
  const { data: session } = useQuery({ ...queries.session(), refetchOnWindowFocus: false, refetchOnReconnect: false });
  const client = useQueryClient();
  const router = useRouter();
  const entered = async () => {
    client.clear();
    await client.fetchQuery(queries.session());
    router.history.push(place);
  };
  const leave = useMutation({
    mutationFn: () => call('signOut', {}),
    onSettled: () => client.invalidateQueries({ queryKey: queries.session().queryKey }),
  });
  if (session?.setupNeeded) return <Navigate to="/set-up" />;
  const entering = session?.entering;
  const next = { passkeyHost: session?.passkeyHost ?? '', onDone: () => void entered(), onLeave: () => leave.mutate() };
  if (entering?.step === 'enrolment') return <FirstFactor name={entering.name} {...next} />;
  if (entering) return <SecondFactor entering={entering} {...next} />;
  return (
    <FirstStep
      session={session}
      place={place}
      onEntry={({ staff }) =>
        staff ? void entered() : void client.invalidateQueries({ queryKey: queries.session().queryKey })
      }
    />
  );
}
