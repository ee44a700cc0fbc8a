import { Group, Text } from '@mantine/core';
import type { DeviceDetail, TicketView } from '../../../../../shared/api/schemas.ts';
import { Connection } from '../../components/connection.tsx';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { SimulatedTag, Tag } from '../../components/tag.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { useNow, When } from '../../components/when.tsx';
import { healthSigns } from '../../device-signs.ts';
import { custodyWords, deviceStatusWords } from '../../words.ts';
import { DeviceActionMenu } from './action-menu.tsx';
import classes from './device-head.module.css';
import type { CockpitView } from './use-cockpit.ts';

interface Props {
  ticket: TicketView;
  detail: DeviceDetail;
  view: CockpitView;
}

/** Which device it is, whose, and how it is at a glance. */
export function DeviceHead({ ticket, detail, view }: Props) {
  const { device } = detail;
  const about = [device.model, device.serial, device.os, `agent ${device.agentVersion}`];
  return (
    <Panel
      title="The device"
      note={
        <Group gap="xs">
          <TextLink to="/devices/$id" params={{ id: device.id }} fw={600}>
            {device.name}
          </TextLink>
          <Verdict state={device.verdict.state} until={device.verdict.until} />
          <Connection device={device} />
          {device.simulated ? <SimulatedTag /> : null}
          {device.status === 'active' ? null : <Tag tone="bad">{deviceStatusWords[device.status]}</Tag>}
        </Group>
      }
      aside={<DeviceActionMenu ticket={ticket} device={device} view={view} />}
    >
      <Text size="sm" c="dimmed">
        {about.filter(Boolean).join(' · ')}
        <br />
        <Custody ticket={ticket} />
      </Text>
      <Signs detail={detail} />
    </Panel>
  );
}

function Custody({ ticket: { custody, person } }: { ticket: TicketView }) {
  if (custody === null) return <>In nobody’s custody.</>;
  return (
    <>
      In the custody of{' '}
      <TextLink to="/people/$id" params={{ id: custody.person.id }}>
        {custody.person.name}
      </TextLink>{' '}
      ({custodyWords[custody.kind].toLowerCase()}) since <When at={custody.since} as="date" />
      {person !== null && person.id !== custody.person.id ? `; the ticket is for ${person.name}.` : '.'}
    </>
  );
}

function Signs({ detail }: { detail: DeviceDetail }) {
  const signs = healthSigns(detail, useNow());
  if (signs.length === 0)
    return (
      <Text size="sm" c="dimmed">
        It has not reported how it is.
      </Text>
    );
  return (
    <dl className={classes.signs} aria-label="Health">
      {signs.map(({ label, words, tone }) => (
        <div key={`${label} ${words}`} data-tone={tone}>
          <dt>{label}</dt>
          <dd className="numeric">{words}</dd>
        </div>
      ))}
    </dl>
  );
}
