import { Button, Group, Menu, Text } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { DeviceSummary } from '../../../../../shared/api/schemas.ts';
import type { ActionKind } from '../../../../../shared/commands/action.ts';
import { ActionItems } from '../../components/commands/action-items.tsx';
import { GiveCommandDialog } from '../../components/commands/give-command-dialog.tsx';
import classes from '../../components/save-bar.module.css';
import { count } from '../../words.ts';
import type { ChosenDevices } from './use-chosen-devices.ts';

/** What is done to the chosen devices; nothing while none is. */
export function ChosenBar({ chosen, shown }: { chosen: ChosenDevices; shown: readonly DeviceSummary[] }) {
  const [kind, setKind] = useState<ActionKind>();
  const navigate = useNavigate();
  const { devices } = chosen;
  if (devices.length === 0) return null;
  const others = shown.filter(({ id, status }) => status === 'active' && !chosen.has(id));
  const platforms = [...new Set(devices.map(({ platform }) => platform))];
  return (
    <>
      <section className={classes.bar} aria-label="Chosen devices">
        <Text size="sm" role="status">
          {count(devices.length, 'device')} chosen
        </Text>
        <Group gap="xs">
          <Button variant="subtle" size="sm" onClick={chosen.clear}>
            Choose none
          </Button>
          {others.length > 0 ? (
            <Button variant="default" size="sm" onClick={() => chosen.add(others)}>
              All on this page
            </Button>
          ) : null}
          <Menu position="top-end">
            <Menu.Target>
              <Button size="sm" leftSection={<IconBolt size={16} />}>
                Tell them to…
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <ActionItems onPick={setKind} />
            </Menu.Dropdown>
          </Menu>
        </Group>
      </section>
      {kind ? (
        <GiveCommandDialog
          key={kind}
          kind={kind}
          deviceIds={devices.map(({ id }) => id)}
          {...(platforms.length === 1 && platforms[0] ? { platform: platforms[0] } : {})}
          onClose={() => setKind(undefined)}
          onGiven={({ id }) => void navigate({ to: '/commands/$id', params: { id } })}
        />
      ) : null}
    </>
  );
}
