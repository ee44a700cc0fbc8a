import { Select, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { type FilterSettings, statePresets } from '../../../../../shared/api/schemas.ts';
import { fromLocal, toLocal } from '../../time.ts';

const presetWords: Record<FilterSettings['preset'], { label: string; meaning: string }> = {
  none: { label: 'None', meaning: 'Profiles alone say how much is recorded.' },
  minnesota: {
    label: 'Minnesota',
    meaning:
      'Minnesota Statutes 13.32, subdivision 14: on campus at most numbers by category are recorded, off campus nothing, whatever profiles say.',
  },
};

interface Props {
  settings: FilterSettings;
  onChange: (change: Partial<FilterSettings>) => void;
}

/** The law of a state caps what is recorded; a looser recording needs a reason and an end. */
export function PresetFields({ settings: { preset, presetException }, onChange }: Props) {
  const monthFromNow = () => new Date(Date.now() + 30 * 86_400_000).toISOString();
  return (
    <Stack gap="sm" maw={560}>
      <Select
        label="State preset"
        description={presetWords[preset].meaning}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        allowDeselect={false}
        value={preset}
        data={statePresets.map((value) => ({ value, label: presetWords[value].label }))}
        onChange={(next) => next && onChange({ preset: next, ...(next === 'none' ? { presetException: null } : {}) })}
      />
      {preset === 'none' ? null : (
        <Switch
          label="An exception is in force"
          description="Recording follows the profiles until the exception ends"
          checked={presetException !== null}
          onChange={(event) =>
            onChange({ presetException: event.currentTarget.checked ? { reason: '', until: monthFromNow() } : null })
          }
        />
      )}
      {presetException ? (
        <>
          <Textarea
            label="Reason of the exception"
            description="Which provision of the law, and who decided; at least 10 characters"
            required
            autosize
            minRows={2}
            maxLength={500}
            value={presetException.reason}
            onChange={(event) =>
              onChange({ presetException: { ...presetException, reason: event.currentTarget.value } })
            }
          />
          <TextInput
            type="datetime-local"
            label="Ends"
            required
            maw={260}
            value={toLocal(presetException.until)}
            onChange={(event) =>
              onChange({ presetException: { ...presetException, until: fromLocal(event.currentTarget.value) ?? '' } })
            }
          />
        </>
      ) : null}
    </Stack>
  );
}
