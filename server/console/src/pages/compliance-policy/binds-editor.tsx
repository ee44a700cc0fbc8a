import { ActionIcon, Button, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { emptySelector, type SelectorKind, type SelectorValue, selectorKinds } from '../../selector-words.ts';
import { SelectorValueField } from '../profile/selector-value-field.tsx';
import classes from './binds-editor.module.css';

interface Props {
  binds: readonly SelectorValue[];
  onChange: (binds: SelectorValue[]) => void;
}

const kinds = Object.entries(selectorKinds).map(([value, label]) => ({ value, label }));
const most = 20;

/** Whom a check binds. Nobody named is everybody. */
export function BindsEditor({ binds, onChange }: Props) {
  const replace = (place: number, next: SelectorValue) =>
    onChange(binds.map((one, index) => (index === place ? next : one)));
  return (
    <Stack gap="sm" component="fieldset" m={0} p={0} bd={0}>
      <Text component="legend" fw={600} size="sm" p={0}>
        Whom it binds
      </Text>
      <Text size="sm" c="dimmed">
        {binds.length === 0
          ? 'Everybody, and devices that nobody holds.'
          : 'Whoever one of these means, and whoever the roster says too little about.'}
      </Text>
      {binds
        .map((selector, place) => ({ selector, place, key: `${selector.kind} ${place}` }))
        .map(({ selector, place, key }) => (
          <div key={key} className={classes.row}>
            <Select
              label="Binds"
              allowDeselect={false}
              value={selector.kind}
              data={kinds}
              onChange={(kind) => kind && replace(place, emptySelector(kind as SelectorKind))}
            />
            <SelectorValueField selector={selector} words={undefined} onChange={(next) => replace(place, next)} />
            <ActionIcon
              variant="subtle"
              size={36}
              aria-label="Remove this one"
              onClick={() => onChange(binds.filter((_, index) => index !== place))}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </div>
        ))}
      <Button
        size="xs"
        variant="default"
        style={{ alignSelf: 'start' }}
        disabled={binds.length >= most}
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...binds, emptySelector('role')])}
      >
        {binds.length === 0 ? 'Bind only some' : 'Bind others too'}
      </Button>
    </Stack>
  );
}
