import { Stack, Text } from '@mantine/core';
import type { DeviceDetail } from '../../../../../shared/api/schemas.ts';
import { CheckList } from '../../components/check-list.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { everyDeviceOf, type WaiverTargets } from '../../components/waive-dialog.tsx';
import { When } from '../../components/when.tsx';
import { BatteryCard } from './battery-card.tsx';
import { DisksCard } from './disks-card.tsx';
import { AgentCard, LoadCard, NetworkCard, OsCard, SystemCard, TemperatureCard } from './health-cards.tsx';
import classes from './health-tab.module.css';
import { RecoveryPanel } from './recovery-panel.tsx';

export function HealthTab({ detail }: { detail: DeviceDetail }) {
  const open = detail.findings.filter((finding) => finding.closedAt === null);
  return (
    <Stack gap="md">
      {open.length > 0 ? <OpenFindings findings={open} /> : null}
      <Panel title="Checks" note="What its verdict is made of, and what is good to know.">
        <CheckList findings={detail.checks} waivable={waivableFor(detail)} />
      </Panel>
      <RecoveryPanel deviceId={detail.device.id} />
      <div className={classes.cards}>
        <BatteryCard detail={detail} />
        <DisksCard detail={detail} />
        <LoadCard detail={detail} />
        <OsCard detail={detail} />
        <SystemCard detail={detail} />
        <NetworkCard detail={detail} />
        <TemperatureCard detail={detail} />
        <AgentCard detail={detail} />
      </div>
    </Stack>
  );
}

/** The device, or the person who holds it with all they hold. */
function waivableFor({ device: { id, name, status, custodian } }: DeviceDetail): WaiverTargets {
  if (status !== 'active') return [];
  const holder = custodian ? [{ kind: 'person' as const, id: custodian.id, words: everyDeviceOf(custodian.name) }] : [];
  return [{ kind: 'device', id, words: `${name} alone` }, ...holder];
}

function OpenFindings({ findings }: { findings: DeviceDetail['findings'] }) {
  return (
    <Panel title="Needs attention">
      {findings.map((finding) => (
        <div key={`${finding.code} ${finding.openedAt}`}>
          <Tag tone="warn">{finding.code}</Tag>{' '}
          <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
            {finding.detail}
          </Text>
          <Text size="xs" c="dimmed" component="div">
            since <When at={finding.openedAt} as="moment" />
          </Text>
        </div>
      ))}
    </Panel>
  );
}
