import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { SecurityView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { goToProvider } from '../../provider-journey.ts';
import { queries } from '../../queries.ts';

/** Accounts elsewhere that open this one; nothing where the district signs in by none. */
export function ProvidersPanel({ identities }: { identities: SecurityView['identities'] }) {
  const { data: session } = useQuery(queries.session());
  const link = useMutation({ mutationFn: (id: string) => goToProvider(id, 'link', '/security') });
  const unlink = useAct({
    act: (id: string) => call('unlinkProvider', { params: { id } }),
    done: 'The account is linked no longer.',
    stale: ['security'],
  });
  const providers = session?.providers ?? [];
  const error = link.error ?? unlink.error;
  if (providers.length === 0) return null;
  return (
    <Panel title="Accounts elsewhere" note="They stand for your password here, never for the second factor.">
      <Stack gap="xs">
        {providers.map(({ id, name }) => {
          const linked = identities.find(({ provider }) => provider === id);
          return (
            <Group key={id} justify="space-between">
              <Text size="sm">
                {name}
                {linked ? (
                  <>
                    , linked <When at={linked.linkedAt} as="date" />
                  </>
                ) : null}
              </Text>
              {linked ? (
                <Button size="xs" variant="subtle" loading={unlink.isPending} onClick={() => unlink.mutate(id)}>
                  Unlink {name}
                </Button>
              ) : (
                <Button size="xs" variant="default" loading={link.isPending} onClick={() => link.mutate(id)}>
                  Link {name}
                </Button>
              )}
            </Group>
          );
        })}
        {error ? <Problem error={error} /> : null}
      </Stack>
    </Panel>
  );
}
