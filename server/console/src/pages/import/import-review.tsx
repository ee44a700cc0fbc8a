import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconUsersMinus } from '@tabler/icons-react';
import { useState } from 'react';
import type { ImportResult } from '../../../../../shared/api/schemas.ts';
import { ApiError } from '../../api.ts';
import { ButtonLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { ProblemTable } from '../../components/problem-table.tsx';
import { count, percent } from '../../words.ts';
import { ImportChanges } from './import-changes.tsx';

/** From this share of people on, an import must be confirmed; the server has the last word. */
const brakeShare = 0.1;

interface Props {
  result: ImportResult;
  busy: boolean;
  error: Error | null;
  onApply: (confirm: boolean) => void;
}

/** What a checked file would do, and the way to do it. */
export function ImportReview({ result, busy, error, onApply }: Props) {
  const errors = result.problems.filter((problem) => problem.severity === 'error').length;
  const blocked = result.mode === 'strict' && errors > 0;
  return (
    <>
      {result.applied ? <Imported /> : null}
      {result.problems.length > 0 ? (
        <Panel title="Problems in the file" note={problemWords(result, errors)}>
          <ProblemTable problems={result.problems} />
        </Panel>
      ) : null}
      <Panel title={result.applied ? 'What changed' : '2. What would change'} note={`Read as ${result.format}`}>
        <ImportChanges result={result} />
      </Panel>
      {result.applied ? null : blocked ? (
        <Text size="sm" c="dimmed">
          Put the errors right in the file, or choose Lenient and check again.
        </Text>
      ) : (
        <Apply result={result} busy={busy} error={error} onApply={onApply} />
      )}
    </>
  );
}

function problemWords(result: ImportResult, errors: number): string {
  const warnings = result.problems.length - errors;
  const words = `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  if (errors === 0) return words;
  return result.mode === 'lenient'
    ? `${words}; rows with errors are left out`
    : `${words}; strict mode imports nothing`;
}

function Imported() {
  return (
    <Alert variant="default" role="status" icon={<IconCircleCheck color="var(--verdict-compliant)" />} title="Imported">
      <Group justify="space-between">
        <Text size="sm">The roster is in force. Devices follow their people.</Text>
        <ButtonLink to="/people" size="xs" variant="default">
          See the people
        </ButtonLink>
      </Group>
    </Alert>
  );
}

function Apply({ result, busy, error, onApply }: Props) {
  const [sure, setSure] = useState(false);
  const asked = error instanceof ApiError && error.code === 'mass-change';
  const brake = asked || result.movedShare > brakeShare;
  return (
    <Stack gap="sm" align="flex-start">
      {brake ? (
        <Alert
          variant="default"
          role="alert"
          icon={<IconUsersMinus color="var(--verdict-noncompliant)" />}
          title={`${count(result.moved, 'person', 'people')} would be removed or moved to another school`}
        >
          <Text size="sm">
            That is {percent(result.movedShare * 100)} of everyone. A file that is cut short looks just like this.
            Compare it with your student information system before you go on: people who are removed lose what their
            profiles gave them.
          </Text>
          <Checkbox
            mt="sm"
            label={`I have checked it: ${count(result.moved, 'person', 'people')} really change`}
            checked={sure}
            onChange={(event) => setSure(event.currentTarget.checked)}
          />
        </Alert>
      ) : null}
      {error && !asked ? <Problem error={error} title="Nothing was imported" /> : null}
      <Button size="md" disabled={brake && !sure} loading={busy} onClick={() => onApply(brake)}>
        Import now
      </Button>
    </Stack>
  );
}
