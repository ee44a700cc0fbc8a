import type { EscrowView, RecoveryKeyView, RecoveryRequestView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago, devices } from './console-district.ts';

const minute = 60_000;
const day = 86_400_000;

const request = (id: string, given: Partial<RecoveryRequestView>): RecoveryRequestView => ({
  ...{ id, keyId: 'rk1', deviceId: 'dev0', deviceName: devices[0]?.name ?? 'dev0', volume: 'nvme0n1p3_crypt' },
  protector: 'slot-1-8f3a91c2',
  reason: 'Ticket 4711: asks for its recovery key after a firmware update.',
  state: 'waiting',
  askedBy: 'Ruth Ferreira',
  mine: false,
  askedAt: ago(12 * minute),
  expiresAt: ago(-48 * minute),
  decidedBy: null,
  decidedAt: null,
  shownAt: null,
  ...given,
});

const key = (id: string, given: Partial<RecoveryKeyView>): RecoveryKeyView => ({
  id,
  volume: 'nvme0n1p3_crypt',
  protector: 'slot-1-8f3a91c2',
  reportedAt: ago(40 * day),
  supersededAt: null,
  currentEscrow: true,
  escrowKeyCreatedAt: ago(90 * day),
  shownAt: null,
  request: null,
  ...given,
});

type RecoveryRoutes =
  | 'readEscrow'
  | 'replaceEscrowKey'
  | 'listRecoveryKeys'
  | 'askForRecoveryKey'
  | 'listRecoveryRequests'
  | 'decideRecoveryRequest'
  | 'showRecoveryKey';

/** Escrow and recovery keys of the console's stand-in. The passphrase is “wrong” when it is. */
export function recoveryAnswers(): Pick<Answers, RecoveryRoutes> {
  let escrow: EscrowView = {
    key: { id: 'ek1', createdAt: ago(90 * day), by: 'Ada Byrne', retiredAt: null, keys: 41 },
    retired: [{ id: 'ek0', createdAt: ago(400 * day), by: 'Ada Byrne', retiredAt: ago(90 * day), keys: 3 }],
    staff: 2,
  };
  const requests = [
    request('rr1', {}),
    request('rr2', {
      ...{ mine: true, askedBy: 'Ada Byrne', state: 'approved', decidedBy: 'Ruth Ferreira', decidedAt: ago(minute) },
      ...{
        keyId: 'rk2',
        volume: 'home_crypt',
        protector: 'slot-1-0b77d1aa',
        reason: 'Ticket 4718: forgot the passphrase.',
      },
    }),
    request('rr3', { state: 'shown', decidedBy: 'Ada Byrne', decidedAt: ago(3 * day), shownAt: ago(3 * day) }),
    request('rr4', { state: 'refused', decidedBy: 'Ada Byrne', decidedAt: ago(9 * day), reason: 'just to see' }),
  ];
  const found = (id: string) => {
    const one = requests.find((each) => each.id === id);
    if (!one) throw new CodedError('not-found');
    return one;
  };
  const keys = () => [
    key('rk1', { request: requests.find(({ keyId }) => keyId === 'rk1') ?? null, shownAt: ago(3 * day) }),
    key('rk2', {
      ...{ volume: 'home_crypt', protector: 'slot-1-0b77d1aa', currentEscrow: false },
      request: requests.find(({ keyId }) => keyId === 'rk2') ?? null,
    }),
    key('rk3', { volume: 'backup_crypt', protector: 'slot-2-77aa0c01' }),
    key('rk4', { protector: 'slot-2-5512bb0f', reportedAt: ago(80 * day), supersededAt: ago(40 * day) }),
  ];
  return {
    readEscrow: () => escrow,
    replaceEscrowKey: ({ body }) => {
      if (body.earlierPassphrase === 'wrong') throw new CodedError('wrong-passphrase');
      const made = { id: 'ek2', createdAt: ago(0), by: 'Ada Byrne', retiredAt: null, keys: 0 };
      const before = escrow.key ? [{ ...escrow.key, retiredAt: ago(0) }] : [];
      escrow = { ...escrow, key: made, retired: [...before, ...escrow.retired] };
      return { escrow, resealed: body.earlierPassphrase === undefined ? 0 : 41 };
    },
    listRecoveryKeys: ({ params }) => ({ items: params.id === 'dev0' ? keys() : [] }),
    askForRecoveryKey: ({ params, body }) => {
      const made = request(`rr${requests.length + 1}`, {
        ...{ keyId: params.id, mine: true, askedBy: 'Ada Byrne', reason: body.reason, askedAt: ago(0) },
        expiresAt: ago(-60 * minute),
      });
      requests.unshift(made);
      return made;
    },
    listRecoveryRequests: ({ query }) => {
      const items = requests.filter(({ state }) => query.state === undefined || state === query.state);
      return { items, total: items.length, nextCursor: null };
    },
    decideRecoveryRequest: ({ params, body }) => {
      if (body.outcome === 'approved' && body.passphrase === 'wrong') throw new CodedError('wrong-passphrase');
      return Object.assign(found(params.id), { state: body.outcome, decidedBy: 'Ada Byrne', decidedAt: ago(0) });
    },
    showRecoveryKey: ({ params }) => {
      const { volume, protector } = Object.assign(found(params.id), { state: 'shown', shownAt: ago(0) });
      const words = 'cbdefghi-jklnrtuv-vutrnlkj-ihgfedbc-cbdefghi-jklnrtuv-vutrnlkj-ihgfedbc';
      return { volume, protector, key: words };
    },
  };
}
