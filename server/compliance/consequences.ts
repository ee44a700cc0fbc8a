import type { CustodyStore } from '../store/custody.ts';
import type { ObligationStore } from '../store/obligations.ts';
import type { ProfileStore } from '../store/profiles.ts';
import type { RestrictionStore } from '../store/restrictions.ts';
import type { Consequences } from './device-verdicts.ts';

interface Stores {
  custody: CustodyStore;
  obligations: ObligationStore;
  profiles: ProfileStore;
  restrictions: RestrictionStore;
}

/** What narrows each of these devices, and what its custodian owes besides; in a handful of queries. */
export async function readConsequences(
  { custody, obligations, profiles, restrictions }: Stores,
  deviceIds: readonly string[],
): Promise<Map<string, Consequences>> {
  const opens = await restrictions.open(deviceIds);
  const custodies = await custody.openCustodyOfDevices(deviceIds);
  const people = [...new Set([...custodies.values()].map(({ personId }) => personId))];
  const owed = Map.groupBy(await obligations.open({ people }), ({ personId }) => personId);
  const names = new Map(opens.size === 0 ? [] : (await profiles.list()).map(({ id, name }) => [id, name]));
  return new Map(
    deviceIds.map((id) => {
      const open = opens.get(id);
      const name = open && names.get(open.profileId);
      const own = owed.get(custodies.get(id)?.personId ?? '') ?? [];
      return [
        id,
        {
          ...(open && { restrictedSince: open.from }),
          ...(name !== undefined && { restriction: name }),
          obligations: own.map(({ kind, title, dueAt }) => ({ kind, title, dueAt })),
        },
      ];
    }),
  );
}
