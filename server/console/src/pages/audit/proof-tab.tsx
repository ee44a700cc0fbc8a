import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { AuditVerification, SignedHead } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { auditQueries } from '../../audit-queries.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { When } from '../../components/when.tsx';

/** Whether the log is whole, and what to keep so that it can be told later. */
export function ProofTab() {
  return (
    <Stack gap="md">
      <Verify />
      <Heads />
    </Stack>
  );
}

function Verify() {
  const verify = useMutation({ mutationFn: () => call('verifyAudit', { body: {} }) });
  return (
    <Panel
      title="Is it whole?"
      note="Every row is held against the one before, its seal, and the heads that this server signed."
      aside={
        <Button loading={verify.isPending} onClick={() => verify.mutate()}>
          Verify now
        </Button>
      }
    >
      <div aria-live="polite">
        {verify.data ? (
          <Verdict found={verify.data} />
        ) : (
          <Text size="sm">Not verified since this page was opened.</Text>
        )}
      </div>
      {verify.error ? <Problem error={verify.error} title="It could not be verified" /> : null}
    </Panel>
  );
}

function Verdict({ found }: { found: AuditVerification }) {
  const { isWhole, rows, erasedRows, heads, milliseconds, problems, moreProblems } = found;
  const rate = Math.round((rows * 1000) / Math.max(milliseconds, 1));
  const counts = `${rows.toLocaleString('en')} rows (${erasedRows.toLocaleString('en')} without their names) and ${heads.toLocaleString('en')} signed heads in ${(milliseconds / 1000).toFixed(1)} s, ${rate.toLocaleString('en')} rows a second.`;
  if (isWhole)
    return (
      <Alert variant="default" icon={<IconShieldCheck color="var(--verdict-compliant)" />} title="The audit is whole">
        {counts}
      </Alert>
    );
  return (
    <Alert variant="default" icon={<IconShieldX color="var(--verdict-noncompliant)" />} title="The audit is not whole">
      <List size="sm" mb="xs">
        {problems.map(({ kind, row, words }) => (
          <List.Item key={`${kind} ${row} ${words}`}>{words}</List.Item>
        ))}
      </List>
      {moreProblems > 0 ? <Text size="sm">And {moreProblems.toLocaleString('en')} more.</Text> : null}
      <Text size="sm" c="dimmed">
        {counts}
      </Text>
    </Alert>
  );
}

function Heads() {
  const heads = useQuery(auditQueries.head());
  return (
    <Panel
      title="What to keep elsewhere"
      note="Whoever keeps a signed head can prove later that nothing before it was altered or cut off: rollcall audit verify --head FILE. A webhook can bring one each day."
    >
      <Loaded query={heads}>
        {({ head, daily }) => (
          <Stack gap="md">
            <Facts
              facts={[
                ['Ends with row', head.id.toLocaleString('en')],
                ['Its hash', <Code key="hash" text={head.hash} />],
                ['Signed with key', <Code key="key" text={head.key} />],
              ]}
            />
            <Group>
              <CopyButton text={JSON.stringify(head)} label="Copy the signed head" />
            </Group>
            <Daily heads={daily} />
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}

function Daily({ heads }: { heads: readonly SignedHead[] }) {
  if (heads.length === 0) return null;
  return (
    <details>
      <summary>Heads of the last days</summary>
      <List size="sm" mt="xs">
        {heads.map((head) => (
          <List.Item key={head.at}>
            <When at={head.at} />: row {head.id.toLocaleString('en')}, <Code text={head.hash} />
          </List.Item>
        ))}
      </List>
    </details>
  );
}

function Code({ text }: { text: string }) {
  return <code style={{ overflowWrap: 'anywhere' }}>{text}</code>;
}
