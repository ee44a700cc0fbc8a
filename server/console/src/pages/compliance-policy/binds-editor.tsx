import { Button, Stack, Text } from '@mantine/core';
import type { Selector } from '../../../../../shared/policy/selector.ts';
import { SelectorBuilder } from '../../components/selector/selector-builder.tsx';
import { freshQuestion } from '../../selector-form.ts';

/** A policy names so many; more are named as one. */
const most = 20;

interface Props {
  /** Whoever one of these means is bound. */
  binds: readonly Selector[];
  onChange: (binds: Selector[]) => void;
}

/** Whom a check binds. Nobody named is everybody. */
export function BindsEditor({ binds, onChange }: Props) {
  const [only, ...others] = binds;
  const selector: Selector | undefined = only && others.length > 0 ? { kind: 'any', of: [...binds] } : only;
  return (
    <Stack gap="sm" component="fieldset" m={0} p={0} bd={0}>
      <Text component="legend" fw={600} size="sm" p={0}>
        Whom it binds
      </Text>
      <Text size="sm" c="dimmed">
        {selector
          ? 'Those below, and whoever the roster says too little about.'
          : 'Everybody, and devices that nobody holds.'}
      </Text>
      {selector ? (
        <SelectorBuilder
          selector={selector}
          onChange={(next) => onChange(next.kind === 'any' && next.of.length <= most ? next.of : [next])}
        />
      ) : null}
      <Button
        size="xs"
        variant="default"
        style={{ alignSelf: 'start' }}
        onClick={() => onChange(selector ? [] : [freshQuestion('role')])}
      >
        {selector ? 'Bind everybody' : 'Bind only some'}
      </Button>
    </Stack>
  );
}
