import type { SectionStatus } from '../../../../shared/protocol/messages.ts';
import { sectionStatusWords } from '../words.ts';
import { Tag } from './tag.tsx';

const tones = { verified: 'good', applied: 'plain', pending: 'warn', failed: 'bad', unsupported: 'plain' } as const;

export function StatusTag({ status }: { status: SectionStatus }) {
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <Tag tone={tones[status]}>{sectionStatusWords[status]}</Tag>
    </span>
  );
}
