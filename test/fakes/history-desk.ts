import { ComplianceHistoryService } from '../../server/compliance/history.ts';
import type { PolicyPreviews } from '../../server/compliance/preview.ts';
import { DocumentStore } from '../../server/store/documents.ts';
import { GroupStore } from '../../server/store/groups.ts';
import { openStore } from '../../server/store/open.ts';
import { ProfileStore } from '../../server/store/profiles.ts';
import { complianceViews } from '../../server/store/views/compliance.ts';
import { FakeClock } from './clock.ts';

/** The reading side of compliance on a store of its own, with a clock that is moved by hand. */
export async function openHistoryDesk(now: number) {
  const db = await openStore(':memory:');
  const clock = new FakeClock(now);
  const stores = {
    documents: new DocumentStore(db),
    profiles: new ProfileStore(db),
    groups: new GroupStore(db),
    history: complianceViews(db),
  };
  const history = new ComplianceHistoryService({
    ...{ stores, clock, serverSays: { 'agent-current': { oldest: '1.2.0' } } },
    previews: { preview: () => Promise.reject(new Error('not asked here')) } as unknown as PolicyPreviews,
  });
  return { db, clock, stores, history, close: () => db.destroy() };
}
