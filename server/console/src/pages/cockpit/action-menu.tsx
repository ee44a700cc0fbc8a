import { Button, Menu } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import type { DeviceSummary, TicketView } from '../../../../../shared/api/schemas.ts';
import { ActionItems } from '../../components/commands/action-items.tsx';
import { GiveCommandDialog } from '../../components/commands/give-command-dialog.tsx';
import { useMay } from '../../use-may.ts';
import { type CockpitView, pointerEvents } from './use-cockpit.ts';

interface Props {
  ticket: TicketView;
  device: DeviceSummary;
  view: CockpitView;
}

/** What the device can be told to do. */
export function DeviceActionMenu({ ticket, device, view }: Props) {
  const may = useMay();
  if (!may('createCommand')) return null;
  return (
    <>
      <Menu position="bottom-end" opened={view.menu} onChange={view.setMenu} clickOutsideEvents={pointerEvents}>
        <Menu.Target>
          <Button
            ref={view.actions}
            variant="default"
            leftSection={<IconBolt size={16} />}
            disabled={device.status !== 'active'}
          >
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <ActionItems onPick={view.setAction} />
        </Menu.Dropdown>
      </Menu>
      {view.action ? (
        <GiveCommandDialog
          key={view.action}
          kind={view.action}
          deviceIds={[device.id]}
          platform={device.platform}
          ticket={ticket}
          onClose={() => view.setAction(undefined)}
          onGiven={() => view.show('commands')}
        />
      ) : null}
    </>
  );
}
