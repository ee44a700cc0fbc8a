import { Stack, Text, TextInput } from '@mantine/core';
import { useId } from 'react';
import { SplitDomain } from '../../../../../shared/profile/web-filter.ts';
import { LinesField } from '../../components/lines-field.tsx';
import type { FieldSchema } from '../../form-fields.ts';

interface Props {
  split: SplitDomain;
  onChange: (split: SplitDomain) => void;
}

const serversSchema: FieldSchema = { ...SplitDomain.properties.servers, 'x-example': '10.20.0.53' };

/** A domain and the servers that know the names below it. */
export function SplitDomainForm({ split, onChange }: Props) {
  const id = useId();
  return (
    <Stack gap="sm">
      <TextInput
        label="Domain"
        description="With everything below it"
        placeholder="intranet.lindenfield.example"
        maxLength={253}
        spellCheck={false}
        autoCapitalize="off"
        value={split.domain}
        error={split.domain === ''}
        onChange={(event) => onChange({ ...split, domain: event.currentTarget.value.trim() })}
      />
      <div>
        <Text size="sm" fw={600} mb={2} id={id}>
          Addresses of its servers, one per line
        </Text>
        <LinesField
          schema={serversSchema}
          labelId={id}
          value={split.servers}
          none="None yet"
          onChange={(servers) => onChange({ ...split, servers })}
        />
      </div>
    </Stack>
  );
}
