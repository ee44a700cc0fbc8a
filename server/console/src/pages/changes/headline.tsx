import { Text } from '@mantine/core';
import type { ChangePreview } from '../../../../../shared/api/schemas.ts';
import { headline } from '../../change-words.ts';

/** What a change does, in one sentence that is seen first. */
export function Headline({ preview }: { preview: ChangePreview }) {
  return (
    <Text
      role="status"
      fz={{ base: '1.125rem', sm: '1.375rem' }}
      fw={650}
      lh={1.3}
      maw={860}
      style={{ overflowWrap: 'anywhere' }}
    >
      {headline(preview)}
    </Text>
  );
}
