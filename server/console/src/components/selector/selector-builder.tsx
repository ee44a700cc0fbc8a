import { Stack, Text } from '@mantine/core';
import type { Selector } from '../../../../../shared/policy/selector.ts';
import { selectorWords } from '../../../../../shared/policy/words.ts';
import { asGroup, fromGroup, selectorProblem, selectorWarning } from '../../selector-form.ts';
import { capital } from '../../words.ts';
import { GroupEditor } from './group-editor.tsx';
import { ReachLine } from './reach-line.tsx';
import { useSelectorNames } from './use-selector-names.ts';

interface Props {
  selector: Selector;
  onChange: (selector: Selector) => void;
}

/** Who is meant, put together from conditions; below it in one sentence, with how many that are now. */
export function SelectorBuilder({ selector, onChange }: Props) {
  const names = useSelectorNames([selector]);
  const problem = selectorProblem(selector);
  const warning = problem ? undefined : selectorWarning(selector);
  return (
    <Stack gap="xs">
      <GroupEditor group={asGroup(selector)} depth={1} onChange={(group) => onChange(fromGroup(group))} />
      {problem ? (
        <Text size="sm" c="var(--mantine-color-error)" role="status">
          {problem}.
        </Text>
      ) : (
        <div>
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {capital(selectorWords(selector, names))}
          </Text>
          {warning ? (
            <Text size="sm" c="var(--verdict-silent-text)" role="status">
              {warning}
            </Text>
          ) : null}
          <ReachLine selector={selector} />
        </div>
      )}
    </Stack>
  );
}
