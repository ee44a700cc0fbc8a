import { Group, Text } from '@mantine/core';
import type { RolloutView } from '../../../../../shared/api/schemas.ts';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { numbered } from '../../form-rows.ts';
import { gateVerdictWords, rolloutStateWords } from '../../rollout-words.ts';
import { actorWords } from '../../words.ts';
import classes from './decisions-panel.module.css';

type Decision = RolloutView['decisions'][number];

/** Every decision with the numbers it was made on, newest first. */
export function DecisionsPanel({ decisions }: { decisions: readonly Decision[] }) {
  return (
    <Panel title="Decisions" note="Every one is kept with the numbers it was made on.">
      {decisions.length > 0 ? (
        <ol className={classes.decisions}>
          {numbered(decisions).map(({ key, row }) => (
            <li key={key} data-to={row.to}>
              <Line decision={row} />
              {row.gates.length > 0 ? <Numbers gates={row.gates} /> : null}
            </li>
          ))}
        </ol>
      ) : (
        <Text size="sm" c="dimmed">
          Nothing has been decided yet.
        </Text>
      )}
    </Panel>
  );
}

function Line({ decision: { from, to, ring, words, by, at } }: { decision: Decision }) {
  const { label, tone } = rolloutStateWords[to];
  return (
    <>
      <Group gap={8}>
        <Tag tone={from === to ? 'plain' : tone}>{from === to ? `Ring ${ring}` : label}</Tag>
        <Text size="sm" c="dimmed" component="span">
          <When at={at} as="moment" /> · {actorWords(by)}
          {from === to ? '' : ` · ring ${ring}`}
        </Text>
      </Group>
      <Text size="sm" mt={2}>
        {words}
      </Text>
    </>
  );
}

function Numbers({ gates }: Pick<Decision, 'gates'>) {
  return (
    <details>
      <summary>Numbers</summary>
      <ul>
        {gates.map((gate) => (
          <li key={gate.gate}>
            <b>{gate.title}</b>: {numbersOf(gate)} {gate.words}
          </li>
        ))}
      </ul>
    </details>
  );
}

function numbersOf({ verdict, asked, before, after, elsewhere }: Decision['gates'][number]): string {
  const [was, is, of] = [before, after, asked].map((number) => number.toLocaleString('en'));
  const others = `${elsewhere.after.toLocaleString('en')} of ${elsewhere.asked.toLocaleString('en')}`;
  return `${gateVerdictWords[verdict].label.toLowerCase()}; ${was} → ${is} of ${of} bad, elsewhere ${others}.`;
}
