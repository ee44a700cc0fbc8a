import { ActionIcon, Button, Group, Select, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type PublishingSettings, signSides } from '../../../../../shared/api/schemas.ts';
import { capabilities, capabilityNames } from '../../../../../shared/profile/registry.ts';
import { requirementWords } from '../../change-words.ts';
import { Panel } from '../../components/panel.tsx';
import { changedAt, numbered, without } from '../../form-rows.ts';
import { capabilityTitle } from '../../setting-words.ts';
import classes from './publishing.module.css';

type CoSigning = PublishingSettings['coSigning'];

interface Props {
  coSigning: CoSigning;
  onChange: (coSigning: CoSigning) => void;
}

/** Which side signs a change of which capability, whatever its size. */
export function CoSigningEditor({ coSigning, onChange }: Props) {
  const free = capabilityNames.find((name) => !coSigning.some((row) => row.capability === name));
  return (
    <Panel
      title="Co-signing"
      note="A change of these is also approved by somebody who signs for that side, whatever its size."
    >
      {coSigning.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing needs a second side.
        </Text>
      ) : (
        <ul className={classes.rows}>
          {numbered(coSigning).map(({ key, place, row }) => (
            <li key={key} className={classes.signing}>
              <Select
                label="Changes of"
                allowDeselect={false}
                searchable
                value={row.capability}
                data={capabilityNames.map((value) => ({ value, label: capabilities[value].title }))}
                onChange={(capability) => capability && onChange(changedAt(coSigning, place, { ...row, capability }))}
              />
              <Select
                label="Signed by"
                allowDeselect={false}
                value={row.side}
                data={signSides.map((value) => ({ value, label: requirementWords[value] }))}
                onChange={(side) => side && onChange(changedAt(coSigning, place, { ...row, side }))}
              />
              <ActionIcon
                variant="subtle"
                size={36}
                color="gray"
                aria-label={`Remove co-signing of ${capabilityTitle(row.capability)}`}
                onClick={() => onChange(without(coSigning, place))}
              >
                <IconTrash size={18} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <Group>
        <Button
          size="xs"
          variant="default"
          disabled={free === undefined}
          onClick={() => free && onChange([...coSigning, { capability: free, side: 'curriculum' }])}
        >
          Add a capability
        </Button>
      </Group>
    </Panel>
  );
}
