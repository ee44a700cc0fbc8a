import { Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ProfileDetail } from '../../../../../shared/api/schemas.ts';
import { capabilityNames } from '../../../../../shared/profile/registry.ts';
import { LeaveGuard } from '../../components/leave-guard.tsx';
import { Problem } from '../../components/problem.tsx';
import { contentProblems, withSetting } from '../../content.ts';
import { AssignmentsEditor } from './assignments-editor.tsx';
import { CapabilityForm } from './capability-form.tsx';
import { Conflict } from './conflict.tsx';
import { EditorBar } from './editor-bar.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { useDraft } from './use-draft.ts';

interface Props {
  detail: ProfileDetail;
  onPublished: () => void;
}

export function Editor({ detail, onPublished }: Props) {
  const draft = useDraft(detail);
  const [reviewing, review] = useDisclosure();
  const problems = contentProblems(draft.content.settings);
  const set = (capability: (typeof capabilityNames)[number], name: string, value: unknown) =>
    draft.setContent((content) => ({ ...content, settings: withSetting(content.settings, capability, name, value) }));
  return (
    <Stack gap="md">
      {draft.conflict ? <Conflict draft={draft} /> : null}
      <AssignmentsEditor
        assignments={draft.content.assignments}
        known={detail.profile.assignments}
        onChange={(assignments) => draft.setContent((content) => ({ ...content, assignments }))}
      />
      {capabilityNames.map((name) => (
        <CapabilityForm
          key={name}
          capability={name}
          settings={draft.content.settings}
          onSet={(setting, value) => set(name, setting, value)}
        />
      ))}
      {draft.error ? <Problem error={draft.error} title="The draft was not saved" /> : null}
      <EditorBar detail={detail} draft={draft} problems={problems} onReview={review.open} />
      <PublishDialog
        detail={detail}
        draft={draft}
        opened={reviewing}
        onClose={review.close}
        onPublished={onPublished}
      />
      <LeaveGuard dirty={draft.dirty} keptOnPage lost="The changes of this profile have not been saved as a draft." />
    </Stack>
  );
}
