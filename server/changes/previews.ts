import type { ChangedContent, ChangePreview } from '../../shared/api/schemas.ts';
import type { ManagedDevice } from '../profiles/subjects.ts';

/** What a change would do, worked out on every device. */
export interface PreviewedChange {
  preview: ChangePreview;
  /** Every device that would change: it is spread over rings, and its calendar may hold the change. */
  touched: readonly ManagedDevice[];
}

/** `server/profiles`: what would change if these contents were published together. */
export interface ChangePreviews {
  of(items: readonly ChangedContent[]): Promise<PreviewedChange>;
}
