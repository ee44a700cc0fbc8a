import { Button, Group, Stack, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { routes } from '../../../../../shared/api/routes.ts';
import type { ActivityEntry } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import type { FieldSchema } from '../../form-fields.ts';
import { reasonProblem } from '../../override-form.ts';
import { ActivityEntries } from './activity-entries.tsx';

const purposeSchema: FieldSchema = { ...routes.readActivity.body.properties.purpose };
const limit = 50;

/** What a person's devices recorded. Nothing is asked of the server before a purpose is given. */
export function ActivityPanel({ personId, name }: { personId: string; name: string }) {
  const [asking, setAsking] = useState(false);
  return (
    <Panel
      title="Recorded names"
      note={`What the web filter recorded of ${name}’s devices, as far as the profiles record it.`}
      aside={
        asking ? null : (
          <Button size="xs" variant="default" leftSection={<IconEye size={14} />} onClick={() => setAsking(true)}>
            Look at recorded names
          </Button>
        )
      }
    >
      {asking ? (
        <Look personId={personId} onClose={() => setAsking(false)} />
      ) : (
        <Text size="sm" c="dimmed">
          Nothing is shown yet. Each look is recorded with its purpose and your name.
        </Text>
      )}
    </Panel>
  );
}

function Look({ personId, onClose }: { personId: string; onClose: () => void }) {
  const [purpose, setPurpose] = useState('');
  const [entries, setEntries] = useState<ActivityEntry[]>();
  const look = useMutation({
    mutationFn: (cursor: string | undefined) =>
      call('readActivity', {
        params: { id: personId },
        body: { purpose: purpose.trim(), limit, ...(cursor ? { cursor } : {}) },
      }),
    onSuccess: ({ items }, cursor) => setEntries(cursor ? [...(entries ?? []), ...items] : items),
  });
  if (entries)
    return (
      <ActivityEntries
        entries={entries}
        total={look.data?.total ?? entries.length}
        busy={look.isPending}
        error={look.error}
        onMore={look.data?.nextCursor ? () => look.mutate(look.data?.nextCursor ?? undefined) : undefined}
        onClose={onClose}
      />
    );
  const minLength = purposeSchema.minLength ?? 10;
  const unfinished = reasonProblem(purpose, minLength) !== undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!unfinished) look.mutate(undefined);
      }}
    >
      <Stack gap="sm" maw={560}>
        <ReasonField
          label="Purpose"
          description="Your look is recorded with your name and this purpose"
          placeholder="Report of bullying by her counsellor, 20 November"
          value={purpose}
          minLength={minLength}
          onChange={setPurpose}
        />
        {look.error ? <Problem error={look.error} title="Nothing was shown" /> : null}
        <Group gap="xs">
          <Button type="submit" disabled={unfinished} loading={look.isPending}>
            Look, and record it
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
