import { foldPerson } from '../../shared/compliance/fold.ts';
import type { CustodyStore } from '../store/custody.ts';
import type { PostureStore } from '../store/posture.ts';
import type { Judgement, VerdictStore } from '../store/verdicts.ts';

interface PeopleStores {
  posture: PostureStore;
  verdicts: VerdictStore;
  custody: CustodyStore;
}

/** Judges people by the devices in their open custody; held and revoked devices have no verdict and do not count. */
export async function judgePeople(ids: readonly string[], stores: PeopleStores): Promise<Judgement[]> {
  const custodies = await stores.custody.openCustodyOfPeople(ids);
  const deviceIds = [...custodies.values()].flat().map(({ deviceId }) => deviceId);
  const verdicts = await stores.verdicts.open('device', deviceIds);
  const names = await stores.posture.names(deviceIds);
  return ids.map((subjectId) => {
    const devices = (custodies.get(subjectId) ?? []).flatMap(({ deviceId }) => {
      const verdict = verdicts.get(deviceId);
      return verdict ? [{ ...verdict, name: names.get(deviceId) ?? deviceId }] : [];
    });
    return { subjectId, verdict: { ...foldPerson(devices), custodyId: null } };
  });
}
