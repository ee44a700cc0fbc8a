import type { WebhookView } from '../../../../../shared/api/schemas.ts';
import { Tag } from '../../components/tag.tsx';

/** On, off by hand, or turned off by the server. */
export function WebhookStatus({ webhook: { active, problem } }: { webhook: WebhookView }) {
  if (active) return <Tag tone="good">On</Tag>;
  return problem === null ? <Tag>Off</Tag> : <Tag tone="bad">Turned off</Tag>;
}
