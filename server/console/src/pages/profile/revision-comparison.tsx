import { Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProfileDetail, RevisionDiff } from '../../../../../shared/api/schemas.ts';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { SettingChange } from '../../components/setting-change.tsx';
import { queries } from '../../queries.ts';
import { capabilityTitle } from '../../setting-words.ts';
import classes from './revision-comparison.module.css';

const draft = 'draft';

/** How two revisions differ, or one and the draft. */
export function RevisionComparison({ detail: { profile, revisions } }: { detail: ProfileDetail }) {
  const numbers = revisions.map(({ number }) => number).sort((a, b) => b - a);
  const [from, setFrom] = useState(String(profile.hasDraft ? numbers[0] : numbers[1]));
  const [to, setTo] = useState(profile.hasDraft ? draft : String(numbers[0]));
  const options = numbers.map((number) => ({ value: String(number), label: `Revision ${number}` }));
  const diff = useQuery(
    queries.revisionDiff(profile.id, { from: Number(from), ...(to === draft ? {} : { to: Number(to) }) }),
  );
  return (
    <Panel title="Compare">
      <Group gap="sm" align="flex-end">
        <Select
          label="From"
          allowDeselect={false}
          value={from}
          data={options}
          onChange={(next) => next && setFrom(next)}
        />
        <Select
          label="To"
          allowDeselect={false}
          value={to}
          data={[...(profile.hasDraft ? [{ value: draft, label: 'The draft' }] : []), ...options]}
          onChange={(next) => next && setTo(next)}
        />
      </Group>
      <Loaded query={diff} skeleton={<RowsSkeleton rows={3} />}>
        {(found) => <Differences diff={found} />}
      </Loaded>
    </Panel>
  );
}

function Differences({ diff: { settings, assignments } }: { diff: RevisionDiff }) {
  if (settings.length + assignments.length === 0) return <Text size="sm">They say the same.</Text>;
  return (
    <Stack gap="xs">
      {settings.map(({ capability, setting, title, before, after }) => (
        <div key={`${capability} ${setting}`} className={classes.change}>
          <span className={classes.title}>
            {capabilityTitle(capability)}: {title}
          </span>
          <SettingChange capability={capability} setting={setting} before={before} after={after} />
        </div>
      ))}
      {assignments.map(({ before, after }) => (
        <div key={`${before} ${after}`} className={classes.change}>
          <span className={classes.title}>Whom it reaches</span>
          <span>
            {before === null ? 'New: ' : `${before} `}
            {before !== null ? <span aria-hidden="true">→ </span> : null}
            <b>{after ?? 'no longer'}</b>
          </span>
        </div>
      ))}
    </Stack>
  );
}
