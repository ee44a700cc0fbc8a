import type { EventView } from '../../../../shared/api/schemas.ts';
import { TextLink } from './links.tsx';

/** What a row is about, as a link to its page where it has one. */
export function SubjectLink({ subject }: Pick<EventView, 'subject'>) {
  if (!subject) return '–';
  const { kind, id, name } = subject;
  const shown = name === id ? kind.replaceAll('-', ' ') : name;
  const params = { id };
  switch (kind) {
    case 'device':
      return (
        <TextLink to="/devices/$id" params={params} size="sm">
          {shown}
        </TextLink>
      );
    case 'person':
      return (
        <TextLink to="/people/$id" params={params} size="sm">
          {shown}
        </TextLink>
      );
    case 'profile':
      return (
        <TextLink to="/profiles/$id" params={params} size="sm">
          {shown}
        </TextLink>
      );
    case 'ticket':
      return (
        <TextLink to="/tickets/$id" params={params} size="sm">
          {shown}
        </TextLink>
      );
    default:
      return shown;
  }
}
