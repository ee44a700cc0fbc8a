import { Stack, Text, Title } from '@mantine/core';
import type { RolloutView } from '../../../../../shared/api/schemas.ts';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { gateVerdictWords } from '../../rollout-words.ts';
import { capital, percent } from '../../words.ts';

type Gate = RolloutView['gates'][number];

const share = (part: number, of: number) => (of === 0 ? '–' : percent((part / of) * 100));

const columns: readonly Column<Gate>[] = [
  { title: 'Gate', main: true, cell: ({ title }) => <b>{title}</b> },
  {
    title: 'Verdict',
    cell: ({ verdict }) => <Tag tone={gateVerdictWords[verdict].tone}>{gateVerdictWords[verdict].label}</Tag>,
  },
  { title: 'Bad before → now', cell: (gate) => <BeforeAfter gate={gate} /> },
  { title: 'Worse · better', cell: ({ worsened, improved }) => <Pair worse={worsened} better={improved} /> },
  { title: 'Bad elsewhere now', cell: ({ elsewhere }) => <Elsewhere elsewhere={elsewhere} /> },
  { title: 'In words', wide: true, cell: (gate) => wordsAlone(gate) || '–' },
];

/** What each gate sees: the same devices before and now, beside those that are still without it. */
export function GatesPanel({ gates }: { gates: readonly Gate[] }) {
  return (
    <Stack gap="xs">
      <div>
        <Title order={2}>What is watched</Title>
        <Text size="sm" c="dimmed">
          The same devices before it came and now. What is as bad on devices without it has another cause.
        </Text>
      </div>
      {gates.length > 0 ? (
        <Rows label="Gates" rows={gates} keyOf={({ gate }) => gate} columns={columns} />
      ) : (
        <Text size="sm">Nothing is watched: it does not halt by itself.</Text>
      )}
    </Stack>
  );
}

/** The title stands before them already. */
const wordsAlone = ({ title, words }: Gate) =>
  words.startsWith(`${title}: `) ? capital(words.slice(title.length + 2)) : words;

function BeforeAfter({ gate: { asked, before, after } }: { gate: Gate }) {
  if (asked === 0) return 'No device to compare yet';
  return (
    <div className="numeric">
      {share(before, asked)} <span aria-hidden="true">→</span> <b>{share(after, asked)}</b>
      <Text size="xs" c="dimmed">
        {before.toLocaleString('en')} → {after.toLocaleString('en')} of {asked.toLocaleString('en')}
      </Text>
    </div>
  );
}

function Pair({ worse, better }: { worse: number; better: number }) {
  return (
    <span className="numeric">
      {worse.toLocaleString('en')} · {better.toLocaleString('en')}
    </span>
  );
}

function Elsewhere({ elsewhere: { asked, after } }: Pick<Gate, 'elsewhere'>) {
  if (asked === 0) return '–';
  return (
    <div className="numeric">
      {share(after, asked)}
      <Text size="xs" c="dimmed">
        {after.toLocaleString('en')} of {asked.toLocaleString('en')}
      </Text>
    </div>
  );
}
