import { Alert, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconActivity, IconPlugOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { DeviceSummary } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { Panel } from '../../components/panel.tsx';
import { useLiveStatus } from '../../live-context.ts';
import { bytes, percent } from '../../words.ts';
import { CoreBars } from './core-bars.tsx';
import { LiveChart } from './live-chart.tsx';
import { ProcessTable } from './process-table.tsx';
import { useLiveSamples } from './use-live-samples.ts';

/** The device second by second, only while this tab is shown. */
export default function LiveTab({ device }: { device: DeviceSummary }) {
  if (!device.connected)
    return (
      <Panel title="Live view">
        <Empty icon={IconPlugOff} title="The device is not connected">
          The live view starts by itself when the device comes back.
        </Empty>
      </Panel>
    );
  return <Watching deviceId={device.id} />;
}

function Watching({ deviceId }: { deviceId: string }) {
  const [round, setRound] = useState(0);
  const { samples, ended } = useLiveSamples(deviceId, round);
  const reconnecting = useLiveStatus() === 'reconnecting';
  const last = samples.at(-1);
  return (
    <Stack gap="md">
      {ended === undefined ? null : (
        <Alert variant="default" title="The live view has ended">
          <Group justify="space-between">
            <Text size="sm">{ended}</Text>
            <Button size="xs" variant="default" onClick={() => setRound(round + 1)}>
              Start again
            </Button>
          </Group>
        </Alert>
      )}
      <Text size="sm" c="dimmed" role="status">
        {reconnecting
          ? 'The connection to the server is interrupted; waiting for it to come back.'
          : 'Refreshed each second while this page is open. Processes are shown by name only.'}
      </Text>
      {last ? (
        <>
          <SimpleGrid cols={{ base: 1, md: 3 }}>
            <Panel title="Processor" aside={<Reading>{percent(last.cpuPercent)}</Reading>}>
              <LiveChart
                samples={samples}
                series={[{ key: 'cpuPercent', label: 'Processor', color: 'var(--chart-a)' }]}
                kind="percent"
                height={150}
              />
              <CoreBars cores={last.coresPercent} />
            </Panel>
            <Panel
              title="Memory"
              aside={
                <Reading>
                  {bytes(last.memoryUsedBytes)} of {bytes(last.memoryTotalBytes)}
                </Reading>
              }
            >
              <LiveChart
                samples={samples}
                series={[{ key: 'memoryUsedPercent', label: 'Memory', color: 'var(--chart-b)' }]}
                kind="percent"
              />
            </Panel>
            <Panel
              title="Network"
              aside={
                <Reading>
                  ↓ {bytes(last.receivedBytesPerSecond)}/s ↑ {bytes(last.sentBytesPerSecond)}/s
                </Reading>
              }
            >
              <LiveChart
                samples={samples}
                series={[
                  { key: 'receivedBytesPerSecond', label: 'Received', color: 'var(--chart-a)' },
                  { key: 'sentBytesPerSecond', label: 'Sent', color: 'var(--chart-c)' },
                ]}
                kind="bytes"
              />
            </Panel>
          </SimpleGrid>
          <Panel title="Processes" note="The busiest first.">
            <ProcessTable processes={last.processes} />
          </Panel>
        </>
      ) : (
        <Panel title="Live view">
          <Empty icon={IconActivity} title="Waiting for the first sample">
            The device answers within a few seconds.
          </Empty>
        </Panel>
      )}
    </Stack>
  );
}

function Reading({ children }: { children: React.ReactNode }) {
  return (
    <Text size="sm" className="numeric" component="span">
      {children}
    </Text>
  );
}
