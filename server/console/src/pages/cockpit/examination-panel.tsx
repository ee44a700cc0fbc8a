import { Text } from '@mantine/core';
import type Type from 'typebox';
import type { Examination as ExaminationSchema, probeStatuses } from '../../../../../shared/diagnostics/probe.ts';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { probeStatusWords, probeWords } from '../../diagnosis-words.ts';
import { count } from '../../words.ts';
import classes from './examination-panel.module.css';

type Examination = Type.Static<typeof ExaminationSchema>;
type Probe = Examination['probes'][number];

/** What is wrong, the likeliest first and with what to do; every probe and its evidence on demand. */
export function ExaminationPanel({ examination }: { examination: Examination }) {
  const { at, tookMs, conclusions, probes } = examination;
  const inOrder = probes.filter(({ status }) => status === 'ok').length;
  return (
    <Panel
      title="What is wrong"
      note={
        <>
          Examined <When at={new Date(at).toISOString()} /> in {Math.max(1, Math.round(tookMs / 1000))} s
        </>
      }
    >
      {conclusions.length === 0 ? (
        <Text size="sm" fw={600} role="status">
          Nothing was found: {count(inOrder, 'thing')} of {probes.length} in order.
        </Text>
      ) : (
        <ol className={classes.conclusions} aria-label="Conclusions">
          {conclusions.map(({ probe, words, fix }) => (
            <li key={`${probe} ${words}`}>
              <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                {words}
              </Text>
              {fix === undefined ? null : (
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  <b>How to fix it:</b> {fix}
                </Text>
              )}
            </li>
          ))}
        </ol>
      )}
      <details className={classes.all}>
        <summary>
          Everything that was looked at ({probes.length}, {inOrder} in order)
        </summary>
        {worstFirst(probes).map((probe) => (
          <ProbeEntry key={probe.probe} probe={probe} />
        ))}
      </details>
    </Panel>
  );
}

const order = ['bad', 'warn', 'unknown', 'ok', 'not-applicable'] as const satisfies (typeof probeStatuses)[number][];

const worstFirst = (probes: readonly Probe[]) =>
  probes.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));

function ProbeEntry({ probe: { probe, status, words, evidence, fix } }: { probe: Probe }) {
  const { label, tone } = probeStatusWords[status];
  return (
    <details className={classes.probe}>
      <summary>
        <Tag tone={tone} keepsLine>
          {label}
        </Tag>{' '}
        <b>{probeWords[probe]}</b> {words}
      </summary>
      {fix === undefined ? null : <p>How to fix it: {fix}</p>}
      {evidence.length === 0 ? (
        <p>There is no evidence to show.</p>
      ) : (
        <dl>
          {evidence.map(({ item, seen }) => (
            <div key={`${item} ${seen}`}>
              <dt>{item}</dt>
              <dd>{seen}</dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  );
}
