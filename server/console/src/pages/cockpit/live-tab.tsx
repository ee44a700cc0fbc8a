import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useLiveStatus } from '../../live-context.ts';
import { useDiagnosisStream } from '../../use-diagnosis-stream.ts';
import { ChartsView } from './charts-view.tsx';
import { LogView } from './log-view.tsx';
import { ProcessTable } from './process-table.tsx';
import { Streamed } from './streamed.tsx';
import { WayView } from './way-view.tsx';

const views = [
  { value: 'charts', label: 'Charts' },
  { value: 'processes', label: 'Processes' },
  { value: 'log', label: 'Log' },
  { value: 'way', label: 'Way to the server' },
] as const;
type View = (typeof views)[number]['value'];

/** The device second by second. It measures only what is shown here, and only while it is shown. */
export default function LiveTab({ diagnosisId }: { diagnosisId: string }) {
  const [view, setView] = useState<View>('charts');
  const reconnecting = useLiveStatus() === 'reconnecting';
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label="What is shown live"
        size="xs"
        value={view}
        data={[...views]}
        onChange={(next) => setView(next as View)}
        style={{ alignSelf: 'start', maxWidth: '100%' }}
      />
      {reconnecting ? (
        <Text size="sm" c="dimmed" role="status">
          The connection to the server is interrupted; waiting for it to come back.
        </Text>
      ) : null}
      {view === 'charts' ? <ChartsView diagnosisId={diagnosisId} /> : null}
      {view === 'processes' ? <Processes diagnosisId={diagnosisId} /> : null}
      {view === 'log' ? <LogView diagnosisId={diagnosisId} /> : null}
      {view === 'way' ? <WayView diagnosisId={diagnosisId} /> : null}
    </Stack>
  );
}

function Processes({ diagnosisId }: { diagnosisId: string }) {
  const { samples, ended } = useDiagnosisStream(diagnosisId, 'processes');
  const last = samples.at(-1);
  return (
    <Streamed ended={ended} waits={last === undefined}>
      {last ? <ProcessTable processes={last.processes} /> : null}
      <Text size="xs" c="dimmed">
        Of the person’s own programs the name is told, never what they were started with.
      </Text>
    </Streamed>
  );
}
