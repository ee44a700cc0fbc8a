import { SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { hardwareCharts, processorPercent } from '../../chart-moments.ts';
import type { SampleOf } from '../../stream-samples.ts';
import { useDiagnosisStream } from '../../use-diagnosis-stream.ts';
import { bytes, percent } from '../../words.ts';
import classes from './charts-view.module.css';
import { CoreBars } from './core-bars.tsx';
import { LiveChart } from './live-chart.tsx';
import { Streamed } from './streamed.tsx';

/** Processor, memory, disks, networks, temperatures and Wi-Fi of the last two minutes. */
export function ChartsView({ diagnosisId }: { diagnosisId: string }) {
  const hardware = useDiagnosisStream(diagnosisId, 'hardware');
  const wifi = useDiagnosisStream(diagnosisId, 'wifi');
  const last = hardware.samples.at(-1);
  return (
    <Streamed ended={hardware.ended} waits={last === undefined}>
      {last ? (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
          <HardwareCharts samples={hardware.samples} last={last} />
          <WifiChart samples={wifi.samples} />
        </SimpleGrid>
      ) : null}
    </Streamed>
  );
}

interface HardwareProps {
  samples: readonly SampleOf<'hardware'>[];
  last: SampleOf<'hardware'>;
}

function HardwareCharts({ samples, last }: HardwareProps) {
  const { load, disks, networks, temperatures } = hardwareCharts(samples);
  const { memory } = last;
  return (
    <>
      <Chart
        title="Processor and memory"
        reading={`${percent(processorPercent(last))}; ${bytes(memory.usedBytes)} of ${bytes(memory.totalBytes)}`}
      >
        <LiveChart {...load} unit="percent" />
        <CoreBars cores={last.cores.map((core) => core * 100)} />
        {memory.pressure === undefined ? null : (
          <Text size="xs" c="dimmed" mt={4}>
            {percent(memory.pressure * 100)} of the time something waited for memory
            {memory.swapUsedBytes > 0 ? `; ${bytes(memory.swapUsedBytes)} swapped out` : ''}
          </Text>
        )}
      </Chart>
      <Chart
        title="Disks"
        reading={last.disks.map(({ name, busy }) => `${name} ${percent(busy * 100)} busy`).join(', ') || 'none told'}
      >
        <LiveChart {...disks} unit="speed" />
      </Chart>
      <Chart
        title="Network"
        reading={
          last.networks
            .map((one) => `${one.name} ↓ ${bytes(one.receivedBytesPerSecond)}/s ↑ ${bytes(one.sentBytesPerSecond)}/s`)
            .join(', ') || 'none told'
        }
      >
        <LiveChart {...networks} unit="speed" />
      </Chart>
      <Chart
        title="Temperatures"
        reading={
          last.temperatures.map(({ name, celsius }) => `${name} ${Math.round(celsius)} °C`).join(', ') ||
          'no sensor can be read'
        }
      >
        {last.temperatures.length > 0 ? <LiveChart {...temperatures} unit="celsius" /> : null}
      </Chart>
    </>
  );
}

function WifiChart({ samples }: { samples: readonly SampleOf<'wifi'>[] }) {
  const last = samples.at(-1);
  if (!last) return null;
  const { network } = last;
  if (!network)
    return (
      <Chart title="Wi-Fi" reading="no wireless network is joined">
        {null}
      </Chart>
    );
  const more = [
    network.bitrateMbps === undefined ? null : `${network.bitrateMbps} Mbit/s`,
    network.channelMhz === undefined ? null : `${network.channelMhz} MHz`,
    network.retries === undefined ? null : `${percent(network.retries * 100)} sent again`,
    network.roams === 0 ? 'no roaming' : `roamed ${network.roams} ×`,
  ];
  return (
    <Chart title="Wi-Fi" reading={`${network.name}, ${network.signalDbm} dBm`}>
      <LiveChart
        lines={[{ key: 'signal', label: 'Signal' }]}
        moments={samples.map((sample) => ({
          at: sample.at,
          ...(sample.network ? { signal: sample.network.signalDbm } : {}),
        }))}
        unit="dbm"
      />
      <Text size="xs" c="dimmed" mt={4}>
        {more.filter(Boolean).join(' · ')}
      </Text>
    </Chart>
  );
}

/** A chart with its last reading in words, which is all that a screen reader needs. */
function Chart({ title, reading, children }: { title: string; reading: string; children: ReactNode }) {
  return (
    <figure className={classes.chart}>
      <figcaption>
        <b>{title}</b>
        <span className="numeric">{reading}</span>
      </figcaption>
      {children}
    </figure>
  );
}
