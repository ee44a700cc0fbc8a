import { List, Switch, Text } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';

interface Props {
  locked: boolean;
  onChange: (locked: boolean) => void;
}

/** Makes a profile a locked minimum, and says honestly what that does and does not do. */
export function LockedPanel({ locked, onChange }: Props) {
  return (
    <Panel title="Locked minimum" note="For what the law or the board demands of every device it reaches.">
      <Switch
        label="Nothing weakens what this profile sets"
        checked={locked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <List size="sm" c="dimmed" spacing={4}>
        <List.Item>
          It goes before every other profile: nearer units, exceptions and higher priorities included.
        </List.Item>
        <List.Item>
          Where a setting knows what is stricter, a stricter value of another profile still holds. Lists are joined.
        </List.Item>
        <List.Item>
          It holds only where it is assigned, and only as far as a device’s system can be made to: see what each setting
          does on Linux, Windows and macOS.
        </List.Item>
        <List.Item>
          What staff open in the web filter for a time is another matter: there, only its own “Locked minimum” and
          blocked domains stay closed.
        </List.Item>
        <List.Item>A change of it is named in every preview before it is published.</List.Item>
      </List>
      {locked ? (
        <Text size="sm">Use it sparingly: no other profile, not even an exception, lifts it for one person.</Text>
      ) : null}
    </Panel>
  );
}
