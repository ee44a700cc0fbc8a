import { Stack, Text } from '@mantine/core';
import type { PolicyPreview } from '../../../../../shared/api/schemas.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { PreviewCounts } from './preview-counts.tsx';
import { changedWords, type Preview } from './preview-panel.tsx';

interface Props {
  opened: boolean;
  preview: Preview;
  busy: boolean;
  error: Error | null;
  onClose: () => void;
  onSave: () => void;
}

/** Asks before a policy is saved, with what it would change. A preview that fails does not keep it from being saved. */
export function SaveDialog({ opened, preview: { query, settled }, busy, error, onClose, onSave }: Props) {
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title="Save the compliance policy?"
      action="Save the policy"
      onConfirm={onSave}
      busy={busy}
      error={error}
    >
      {settled || query.error ? (
        <Loaded query={query}>{(found) => <Outcome preview={found} />}</Loaded>
      ) : (
        <RowsSkeleton rows={3} height={40} />
      )}
    </ConfirmDialog>
  );
}

function Outcome({ preview }: { preview: PolicyPreview }) {
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        {changedWords(preview)}
      </Text>
      <PreviewCounts preview={preview} />
      <Text size="sm" c="dimmed">
        Verdicts follow within moments. To undo it, save the former values; the past stays as it was judged.
      </Text>
    </Stack>
  );
}
