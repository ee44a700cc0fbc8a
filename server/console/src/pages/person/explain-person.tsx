import { Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ExplainView } from '../../components/explain/explain-panel.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { queries } from '../../queries.ts';

/** Why the devices of a person have the settings they have; nothing where there is no device. */
export function ExplainPerson({ id }: { id: string }) {
  const explained = useQuery(queries.explainPerson(id));
  const [chosen, choose] = useState<string>();
  return (
    <Panel title="Why these settings" note="Each value, the assignment that gave it, and what it went before.">
      <Loaded query={explained} skeleton={<RowsSkeleton rows={4} />}>
        {({ devices }) => {
          const shown = devices.find(({ deviceId }) => deviceId === chosen) ?? devices[0];
          return (
            <Stack gap="md">
              {devices.length > 1 ? (
                <Select
                  label="Device"
                  allowDeselect={false}
                  maw={320}
                  value={shown?.deviceId ?? null}
                  data={devices.map(({ deviceId, deviceName }) => ({ value: deviceId, label: deviceName }))}
                  onChange={(next) => choose(next ?? undefined)}
                />
              ) : null}
              {shown ? <ExplainView key={shown.deviceId} explanation={shown} /> : null}
            </Stack>
          );
        }}
      </Loaded>
    </Panel>
  );
}
