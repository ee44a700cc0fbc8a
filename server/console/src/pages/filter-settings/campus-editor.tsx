import { Button, Group, SimpleGrid, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useId } from 'react';
import type { CampusNetwork } from '../../../../../shared/filter/place.ts';
import { LinesField } from '../../components/lines-field.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { changedAt, numbered, without } from '../../form-rows.ts';
import classes from './campus-editor.module.css';
import { networkSchemas, type ProofName, proofs, strengthOf, withProof } from './settings-form.ts';

interface Props {
  networks: readonly CampusNetwork[];
  onChange: (networks: CampusNetwork[]) => void;
}

/** How devices know that they are on campus. */
export function CampusEditor({ networks, onChange }: Props) {
  return (
    <Panel
      title="Campus networks"
      note="How a device knows that it is on campus. Of each kind of proof you give, one entry must match: the more kinds, the harder to imitate at home."
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...networks, { name: '' }])}
        >
          Add a network
        </Button>
      }
    >
      {networks.length === 0 ? (
        <Text size="sm" c="dimmed">
          None: no device ever knows that it is on campus, and what is stricter holds.
        </Text>
      ) : null}
      {numbered(networks).map(({ key, place, row }) => (
        <Network
          key={key}
          network={row}
          onChange={(network) => onChange(changedAt(networks, place, network))}
          onRemove={() => onChange(without(networks, place))}
        />
      ))}
    </Panel>
  );
}

const strengthWords = {
  strong: { tone: 'good', words: 'Hard to imitate' },
  good: { tone: 'good', words: 'Takes some skill to imitate' },
  weak: { tone: 'warn', words: 'Easy to imitate: add another proof' },
  none: { tone: 'bad', words: 'No proof yet' },
} as const;

interface NetworkProps {
  network: CampusNetwork;
  onChange: (network: CampusNetwork) => void;
  onRemove: () => void;
}

function Network({ network, onChange, onRemove }: NetworkProps) {
  const { tone, words } = strengthWords[strengthOf(network)];
  return (
    <fieldset className={classes.network}>
      <legend className={classes.legend}>{network.name || 'New network'}</legend>
      <Group align="flex-end" gap="xs" mb="sm">
        <TextInput
          label="Name"
          placeholder="Grace Hopper High School"
          maxLength={100}
          flex="1 1 220px"
          maw={420}
          value={network.name}
          error={network.name.trim() === ''}
          onChange={(event) => onChange({ ...network, name: event.currentTarget.value })}
        />
        <Button variant="default" onClick={onRemove} aria-label={`Remove the network ${network.name}`}>
          Remove
        </Button>
        <div className={classes.strength}>
          <Tag tone={tone}>{words}</Tag>
        </div>
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }} verticalSpacing="md">
        {proofs.map((proof) => (
          <Proof
            key={proof.name}
            proof={proof}
            entries={network[proof.name] ?? []}
            onChange={(entries) => onChange(withProof(network, proof.name, entries))}
          />
        ))}
      </SimpleGrid>
    </fieldset>
  );
}

interface ProofProps {
  proof: { name: ProofName; title: string; example: string; help: string };
  entries: readonly string[];
  onChange: (entries: string[]) => void;
}

function Proof({ proof: { name, title, example, help }, entries, onChange }: ProofProps) {
  const id = useId();
  const { minItems: _, ...schema } = networkSchemas[name];
  return (
    <div>
      <Text size="sm" fw={600} mb={2} id={id}>
        {title}
      </Text>
      <Text size="xs" c="dimmed" mb={4}>
        {help}
      </Text>
      <LinesField
        schema={{ ...schema, 'x-example': example }}
        labelId={id}
        value={entries}
        none="Not asked for"
        onChange={onChange}
      />
    </div>
  );
}
