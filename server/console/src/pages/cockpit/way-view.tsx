import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type Column, Rows } from '../../components/rows.tsx';
import type { SampleOf } from '../../stream-samples.ts';
import { useDiagnosisStream } from '../../use-diagnosis-stream.ts';
import { bytes } from '../../words.ts';
import { LiveChart } from './live-chart.tsx';
import { Streamed } from './streamed.tsx';

type Hop = SampleOf<'trace'>['hops'][number];

const columns: readonly Column<Hop>[] = [
  { title: 'Hop', cell: ({ hop }) => hop },
  { title: 'Address', main: true, cell: ({ address }) => address },
  { title: 'Time', align: 'right', cell: ({ ms }) => (ms === undefined ? 'no answer' : `${ms.toFixed(1)} ms`) },
];

/** The way from the device to the district's own server, and how fast it is; the speed only when asked, for it costs. */
export function WayView({ diagnosisId }: { diagnosisId: string }) {
  const [round, setRound] = useState(0);
  return (
    <Stack gap="md">
      <Trace diagnosisId={diagnosisId} />
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          The speed is measured against the district’s own server, for some seconds.
        </Text>
        <Button size="xs" variant="default" onClick={() => setRound(round + 1)}>
          {round === 0 ? 'Measure the speed' : 'Measure again'}
        </Button>
      </Group>
      {round > 0 ? <Speed key={round} diagnosisId={diagnosisId} /> : null}
    </Stack>
  );
}

function Trace({ diagnosisId }: { diagnosisId: string }) {
  const { samples, ended } = useDiagnosisStream(diagnosisId, 'trace');
  const last = samples.at(-1);
  return (
    <Streamed ended={last?.isDone ? undefined : ended} waits={last === undefined}>
      {last ? (
        <>
          <Rows label="Way to the server" rows={last.hops} keyOf={({ hop }) => String(hop)} columns={columns} />
          <Text size="xs" c="dimmed" role="status">
            {last.isDone ? 'The way is complete.' : 'Further hops are being asked.'}
          </Text>
        </>
      ) : null}
    </Streamed>
  );
}

const directions = { download: 'To the device', upload: 'From the device' } as const;

function Speed({ diagnosisId }: { diagnosisId: string }) {
  const { samples, ended } = useDiagnosisStream(diagnosisId, 'throughput');
  const isOver = samples.some(({ isDone, direction }) => isDone && direction === 'upload');
  const best = (['download', 'upload'] as const).flatMap((direction) => {
    const speeds = samples.filter((sample) => sample.direction === direction).map((one) => one.bytesPerSecond);
    return speeds.length === 0 ? [] : [`${directions[direction]}: ${bytes(Math.max(...speeds))}/s`];
  });
  return (
    <Streamed ended={isOver ? undefined : ended} waits={samples.length === 0}>
      <Text size="sm" className="numeric" role="status">
        {best.join(' · ')}
      </Text>
      <LiveChart
        lines={(['download', 'upload'] as const).map((key) => ({ key, label: directions[key] }))}
        moments={samples.map(({ at, direction, bytesPerSecond }) => ({ at, [direction]: bytesPerSecond }))}
        unit="speed"
      />
    </Streamed>
  );
}
