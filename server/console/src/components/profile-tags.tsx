import { Group } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { ProfileSummary } from '../../../../shared/api/schemas.ts';
import { Tag } from './tag.tsx';

/** How a profile stands: a draft, on its way in rings, a locked minimum. */
export function ProfileTags({ profile }: { profile: ProfileSummary }) {
  const { hasDraft, locked, rollout } = profile;
  if (!hasDraft && !locked && !rollout) return null;
  return (
    <Group gap={6} component="span">
      {locked ? (
        <Tag tone="waived" icon={<IconLock size={13} aria-hidden="true" />}>
          Locked minimum
        </Tag>
      ) : null}
      {rollout ? (
        <a href={`/rollouts/${encodeURIComponent(rollout.id)}`}>
          <Tag tone="grace">{rollout.words}</Tag>
        </a>
      ) : null}
      {hasDraft ? <Tag tone="warn">Draft not published</Tag> : null}
    </Group>
  );
}
