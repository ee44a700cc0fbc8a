import { Alert, List, Stack, Text } from '@mantine/core';
import { IconAdjustmentsOff, IconHelpCircle, IconSearchOff, IconTruckDelivery } from '@tabler/icons-react';
import { useState } from 'react';
import type { Explanation } from '../../../../../shared/api/schemas.ts';
import { capabilityTitle } from '../../setting-words.ts';
import { says } from '../../words.ts';
import { Empty } from '../empty.tsx';
import { TextLink } from '../links.tsx';
import { SearchField } from '../search-field.tsx';
import { ExplainedSetting } from './explained-setting.tsx';

export interface Limit {
  capability: string;
  setting: string;
  /** What keeps the value from being more, in words: `the Minnesota preset`. */
  by: string;
}

interface Props {
  explanation: Explanation;
  limits?: readonly Limit[];
}

/** Each setting of a device with what gave it, what it beat and why; and what cannot be said. */
export function ExplainView({ explanation, limits = [] }: Props) {
  const [search, setSearch] = useState<string>();
  const { settings, unknown, rollouts } = explanation;
  const found = settings.filter((one) =>
    says(
      search,
      [capabilityTitle(one.capability), one.title, ...[...one.from, ...one.beaten].map(({ profile }) => profile)].join(
        ' ',
      ),
    ),
  );
  const byCapability = Map.groupBy(found, ({ capability }) => capability);
  return (
    <Stack gap="md">
      <Notes icon={IconTruckDelivery} title="On the way to it" notes={rollouts} />
      <Notes icon={IconHelpCircle} title="What cannot be said" notes={unknown} />
      {settings.length === 0 ? (
        <Empty icon={IconAdjustmentsOff} title="No profile reaches this device">
          Assign a <TextLink to="/profiles">profile</TextLink> to its person, their school, or one of its tags.
        </Empty>
      ) : (
        <SearchField label="Search by setting, area or profile" value={search} onChange={setSearch} />
      )}
      {settings.length > 0 && found.length === 0 ? (
        <Empty icon={IconSearchOff} title="No setting of this device matches">
          What is not listed here is left alone on it.
        </Empty>
      ) : null}
      {[...byCapability].map(([capability, group]) => (
        <section key={capability} aria-label={capabilityTitle(capability)}>
          <Text fw={600} size="sm" mb={4}>
            {capabilityTitle(capability)}
          </Text>
          {group.map((one) => (
            <ExplainedSetting
              key={one.setting}
              explained={one}
              limitedBy={limits.find((limit) => limit.capability === capability && limit.setting === one.setting)?.by}
            />
          ))}
        </section>
      ))}
    </Stack>
  );
}

function Notes({ icon: Icon, title, notes }: { icon: typeof IconHelpCircle; title: string; notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <Alert variant="default" icon={<Icon color="var(--verdict-silent)" />} title={title}>
      <List size="sm" style={{ overflowWrap: 'anywhere' }}>
        {notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
