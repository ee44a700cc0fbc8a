import { Group, Select, Switch, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { logLevels, type StreamFilter } from '../../../../../shared/diagnostics/streams.ts';
import type { SampleOf } from '../../stream-samples.ts';
import { timeOnly } from '../../time.ts';
import { useDiagnosisStream } from '../../use-diagnosis-stream.ts';
import classes from './log-view.module.css';
import { Streamed } from './streamed.tsx';

type Level = (typeof logLevels)[number];
type Line = SampleOf<'logs'>['lines'][number];

const levelWords: Record<Level, string> = {
  error: 'Errors only',
  warning: 'Warnings and worse',
  notice: 'Notices and worse',
  info: 'Everything',
};
/** More lines than these nobody reads while they run by. */
const mostLines = 300;

/** The log as it is written on the device, narrowed there. */
export function LogView({ diagnosisId }: { diagnosisId: string }) {
  const [filter, setFilter] = useState<StreamFilter>({ level: 'warning' });
  const [asked] = useDebouncedValue(filter, 500);
  return (
    <>
      <Group gap="xs" grow>
        <Select
          label="Level"
          size="xs"
          value={filter.level ?? 'info'}
          data={logLevels.map((value) => ({ value, label: levelWords[value] }))}
          allowDeselect={false}
          onChange={(level) => setFilter({ ...filter, ...(level ? { level } : {}) })}
        />
        <TextInput
          label="Service"
          size="xs"
          placeholder="NetworkManager.service"
          maxLength={200}
          value={filter.unit ?? ''}
          onChange={(event) => setFilter(written(filter, 'unit', event.currentTarget.value))}
        />
        <TextInput
          label="Lines with"
          size="xs"
          maxLength={100}
          value={filter.text ?? ''}
          onChange={(event) => setFilter(written(filter, 'text', event.currentTarget.value))}
        />
      </Group>
      <Lines key={JSON.stringify(asked)} diagnosisId={diagnosisId} filter={asked} />
    </>
  );
}

function written(filter: StreamFilter, part: 'unit' | 'text', value: string): StreamFilter {
  const { [part]: _, ...rest } = filter;
  return value.trim() === '' ? rest : { ...rest, [part]: value.trim() };
}

function Lines({ diagnosisId, filter }: { diagnosisId: string; filter: StreamFilter }) {
  const { samples, ended } = useDiagnosisStream(diagnosisId, 'logs', filter);
  const [held, setHeld] = useState<readonly Line[]>();
  const lines = held ?? samples.flatMap((sample) => sample.lines).slice(-mostLines);
  const dropped = samples.reduce((sum, sample) => sum + sample.dropped, 0);
  return (
    <Streamed ended={ended} waits={false}>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {dropped > 0 ? `${dropped.toLocaleString('en')} lines were left out: more was written than fits.` : null}
        </Text>
        <Switch
          size="xs"
          label="Hold still"
          checked={held !== undefined}
          onChange={(event) => setHeld(event.currentTarget.checked ? lines : undefined)}
        />
      </Group>
      {lines.length === 0 ? (
        <Text size="sm" c="dimmed" role="status">
          Nothing of this kind has been written yet.
        </Text>
      ) : (
        <section className={classes.log} aria-label="Log">
          {lines.toReversed().map((line, place) => (
            <div key={`${line.at} ${lines.length - place}`} className={classes.line} data-level={line.level}>
              <span className="numeric">{timeOnly(line.at)}</span>
              <span>{line.unit}</span>
              <span>{line.words}</span>
            </div>
          ))}
        </section>
      )}
    </Streamed>
  );
}
