import { Select, SimpleGrid, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { DeviceSummary } from '../../../../../shared/api/schemas.ts';
import type { Action, ActionKind } from '../../../../../shared/commands/action.ts';
import { NumberField } from '../number-field.tsx';
import { ScriptFields } from './script-fields.tsx';

interface Props {
  kind: ActionKind;
  action: Action | undefined;
  platform: DeviceSummary['platform'] | undefined;
  onChange: (action: Action | undefined) => void;
}

/** What has to be said of an action beside its kind. */
export function ActionFields({ kind, action, platform, onChange }: Props) {
  if (kind === 'run-script') return <ScriptFields platform={platform} onChange={onChange} />;
  switch (action?.kind) {
    case 'message':
      return <MessageFields action={action} onChange={onChange} />;
    case 'restart-device':
      return <RestartFields action={action} onChange={onChange} />;
    case 'clear-browser-cache':
      return (
        <Select
          data-autofocus
          label="Browser"
          value={action.browser}
          data={browsers}
          allowDeselect={false}
          onChange={(browser) => browser && onChange({ ...action, browser })}
        />
      );
    case 'lost-mode':
      return <LostFields action={action} onChange={onChange} />;
    default:
      return <Text size="sm">{effects[kind]}</Text>;
  }
}

type Fields<K extends ActionKind> = { action: Extract<Action, { kind: K }>; onChange: (action: Action) => void };

const browsers = [
  { value: 'all' as const, label: 'Every browser' },
  { value: 'chromium' as const, label: 'Chromium' },
  { value: 'chrome' as const, label: 'Chrome' },
  { value: 'edge' as const, label: 'Edge' },
  { value: 'firefox' as const, label: 'Firefox' },
];

const effects: Partial<Record<ActionKind, string>> = {
  'check-again': 'The device observes and reports everything anew, and puts right what drifted.',
  'restart-agent': 'The agent begins again. Settings stay in force meanwhile.',
  'rotate-certificate': 'The device makes a new key and asks for a new certificate.',
  'renew-network': 'The device asks for its network address anew. It may be off line for some seconds.',
  'end-lost-mode': 'The screen can be used again.',
  lock: 'The screen is locked and stays so until an administrator unlocks it. Nothing is erased.',
  wipe: 'Everything on the device is erased and cannot be brought back.',
};

function MessageFields({ action, onChange }: Fields<'message'>) {
  return (
    <>
      <TextInput
        label="Title"
        required
        maxLength={100}
        value={action.title}
        onChange={(event) => onChange({ ...action, title: event.currentTarget.value })}
      />
      <Textarea
        data-autofocus
        label="Message on the screen"
        required
        autosize
        minRows={2}
        maxRows={6}
        maxLength={1000}
        value={action.words}
        onChange={(event) => onChange({ ...action, words: event.currentTarget.value })}
      />
    </>
  );
}

const warnings = [1, 5, 10, 30, 60].map((value) => ({ value: String(value), label: `${value} min` }));

function RestartFields({ action, onChange }: Fields<'restart-device'>) {
  const [postpones, setPostpones] = useState(action.postpones);
  const isValid = Number.isInteger(postpones) && postpones >= 0 && postpones <= 5;
  return (
    <SimpleGrid cols={2}>
      <Select
        data-autofocus
        label="The person is warned"
        value={String(action.warnMinutes)}
        data={warnings}
        allowDeselect={false}
        onChange={(next) => next && onChange({ ...action, warnMinutes: Number(next) })}
      />
      <NumberField
        label="and may postpone it"
        suffix=" ×"
        value={postpones}
        error={isValid ? undefined : 'Between 0 and 5.'}
        onChange={(next) => {
          setPostpones(next);
          if (Number.isInteger(next) && next >= 0 && next <= 5) onChange({ ...action, postpones: next });
        }}
      />
    </SimpleGrid>
  );
}

function LostFields({ action, onChange }: Fields<'lost-mode'>) {
  return (
    <>
      <Textarea
        data-autofocus
        label="What stands on the screen"
        required
        autosize
        minRows={2}
        maxRows={5}
        maxLength={500}
        value={action.words}
        onChange={(event) => onChange({ ...action, words: event.currentTarget.value })}
      />
      <TextInput
        label="Whom a finder should call"
        required
        maxLength={200}
        value={action.contact}
        onChange={(event) => onChange({ ...action, contact: event.currentTarget.value })}
      />
    </>
  );
}
