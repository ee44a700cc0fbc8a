import { MultiSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApproversView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { useAct } from '../../components/use-act.ts';
import { helpdeskQueries } from '../../helpdesk-queries.ts';

const leastMembers = 2;
const mostMembers = 20;
const leastReason = 5;

/** Names those who are to sign from then on. */
export function ProposeApproversDialog({ approvers, onClose }: { approvers: ApproversView; onClose: () => void }) {
  const [staffIds, setStaffIds] = useState(approvers.members.map(({ staffId }) => staffId));
  const [reason, setReason] = useState('');
  const accounts = useQuery(helpdeskQueries.accounts());
  const known = new Map(approvers.members.map(({ staffId, name }) => [staffId, name]));
  for (const { id, name, passkeys, status } of accounts.data?.items ?? [])
    if (status === 'active') known.set(id, passkeys > 0 ? name : `${name} (no passkey yet)`);
  const propose = useAct({
    act: () => call('proposeApprovers', { body: { staffIds, reason: reason.trim() } }),
    done: ({ pending }) =>
      pending?.approvalId ? 'The roster waits for its signatures.' : 'The roster is on its way to the devices.',
    stale: ['approvals'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Propose other approvers"
      action="Propose them"
      onConfirm={() => propose.mutate(undefined)}
      busy={propose.isPending}
      error={propose.error}
      unfinished={staffIds.length < leastMembers || reason.trim().length < leastReason}
    >
      <Text size="sm">
        {approvers.members.length === 0
          ? 'These are the first: two of them sign it themselves, and devices keep to them from then on.'
          : 'Two of the approvers of now sign it, and devices wait before they follow, so that there is time to object.'}
      </Text>
      <MultiSelect
        data-autofocus
        label="Approvers"
        description="At least two; each needs a passkey."
        required
        searchable
        maxValues={mostMembers}
        value={staffIds}
        data={[...known].map(([value, label]) => ({ value, label }))}
        onChange={setStaffIds}
      />
      <ReasonField description="Kept with the roster" value={reason} minLength={leastReason} onChange={setReason} />
    </ConfirmDialog>
  );
}
