import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFingerprint } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApprovalView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Problem } from '../../components/problem.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { useAct } from '../../components/use-act.ts';
import { queries } from '../../queries.ts';
import { signText } from '../../sign-text.ts';

const stale = ['approvals', 'commands', 'scripts', 'recovery'];

/** Signing with a passkey, after having said that the text was read; rejecting; taking back one's own. */
export function ApprovalActions({ approval }: { approval: ApprovalView }) {
  const [read, setRead] = useState(false);
  const [rejecting, reject] = useDisclosure();
  const session = useQuery(queries.session());
  const { id, text, maySign, isOwn } = approval;
  const sign = useAct({
    act: async () => {
      const assertion = await signText(text, session.data?.passkeyHost ?? location.hostname);
      return await call('signApproval', { params: { id }, body: { assertion } });
    },
    done: ({ state }) => (state === 'signed' ? 'It is signed by all who must: it goes out.' : 'You signed it.'),
    stale,
  });
  return (
    <Stack gap="sm">
      {maySign ? (
        <Checkbox
          label="I read the text above, and this is what I want"
          checked={read}
          onChange={(event) => setRead(event.currentTarget.checked)}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {isOwn ? 'You asked for it: others sign it.' : 'You are no approver, or you signed it already.'}
        </Text>
      )}
      {sign.error ? <Problem error={sign.error} title="It was not signed" /> : null}
      <Group gap="xs">
        {maySign ? (
          <Button
            leftSection={<IconFingerprint size={16} />}
            disabled={!read}
            loading={sign.isPending}
            onClick={() => sign.mutate(undefined)}
          >
            Sign with your passkey
          </Button>
        ) : null}
        {maySign || isOwn ? (
          <Button variant="default" onClick={reject.open}>
            {isOwn ? 'Take it back…' : 'Reject…'}
          </Button>
        ) : null}
      </Group>
      {rejecting ? <RejectDialog approval={approval} onClose={reject.close} /> : null}
    </Stack>
  );
}

const leastReason = 3;

function RejectDialog({ approval: { id, isOwn }, onClose }: { approval: ApprovalView; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const words = isOwn ? 'Take it back' : 'Reject';
  const reject = useAct({
    act: () => call('rejectApproval', { params: { id }, body: { reason: reason.trim() } }),
    done: isOwn ? 'It is taken back.' : 'It is rejected.',
    stale,
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={isOwn ? 'Take the request back' : 'Reject the request'}
      action={words}
      onConfirm={() => reject.mutate(undefined)}
      busy={reject.isPending}
      error={reject.error}
      dangerous={!isOwn}
      unfinished={reason.trim().length < leastReason}
    >
      <Text size="sm">Nobody can sign it then. It can be asked for again.</Text>
      <ReasonField description="Kept with the request" value={reason} minLength={leastReason} onChange={setReason} />
    </ConfirmDialog>
  );
}
