import { Button, Menu } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { Fragment } from 'react';
import type { DeviceSummary, TicketView } from '../../../../../shared/api/schemas.ts';
import { dangerousActions } from '../../../../../shared/commands/action.ts';
import { actionGroups, actionWords } from '../../command-words.ts';
import { GiveCommandDialog } from '../../components/commands/give-command-dialog.tsx';
import type { CockpitView } from './use-cockpit.ts';

interface Props {
  ticket: TicketView;
  device: DeviceSummary;
  view: CockpitView;
}

/** What the device can be told to do. */
export function DeviceActionMenu({ ticket, device, view }: Props) {
  return (
    <>
      <Menu position="bottom-end" opened={view.menu} onChange={view.setMenu}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBolt size={16} />} disabled={device.status !== 'active'}>
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {actionGroups.map((kinds, place) => (
            <Fragment key={kinds.join()}>
              {place > 0 ? <Menu.Divider /> : null}
              {kinds.map((kind) => (
                <Menu.Item
                  key={kind}
                  {...(dangerousActions.has(kind) ? { c: 'var(--verdict-noncompliant-text)' } : {})}
                  onClick={() => view.setAction(kind)}
                >
                  {actionWords[kind]}…
                </Menu.Item>
              ))}
            </Fragment>
          ))}
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
