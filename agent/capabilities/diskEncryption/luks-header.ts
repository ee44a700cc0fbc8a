import { items, member, parseJson } from '../../health/json.ts';

/** The type of the agent's tokens. Programs that do not know it leave it alone (LUKS2 specification, section 3.5). */
export const tokenType = 'rollcall-recovery';
/** LUKS2 has so many of each. */
const mostSlots = 32;

/** A recovery key of the agent in a header. */
export interface OwnKey {
  tokenId: number;
  protector: string;
  /** `RecoveryDesk.sealedFor` of when it was handed in. */
  sealedFor: string;
  /** Undefined when somebody removed its key slot. */
  slot: number | undefined;
  /** Higher than that of every key before it: the newest is the one that counts. */
  order: number;
  /** It is being made: its slot may exist already, and nobody holds the key yet. */
  isUnfinished: boolean;
}

/** What the agent reads of a LUKS2 header. */
export interface LuksHeader {
  slots: readonly number[];
  own: readonly OwnKey[];
  /** Tokens of others, with their slots. */
  others: readonly { tokenId: number; type: string; slots: readonly number[]; needsPin: boolean }[];
}

/** `cryptsetup luksDump --dump-json-metadata` (cryptsetup 2.4); undefined when it is no such header. */
export function parseHeader(stdout: string): LuksHeader | undefined {
  const metadata = parseJson(stdout);
  const keyslots = member(metadata, 'keyslots');
  if (typeof keyslots !== 'object' || keyslots === null) return undefined;
  const tokens = Object.entries(objectOf(member(metadata, 'tokens')));
  return {
    slots: Object.keys(keyslots)
      .map(Number)
      .sort((a, b) => a - b),
    own: tokens.flatMap(([id, token]) => ownKey(Number(id), token)),
    others: tokens.flatMap(([id, token]) => othersToken(Number(id), token)),
  };
}

function ownKey(tokenId: number, token: unknown): OwnKey[] {
  if (member(token, 'type') !== tokenType) return [];
  const [protector, sealedFor, making] = [member(token, 'protector'), member(token, 'escrow'), member(token, 'making')];
  const slot = slotsOf(token)[0] ?? (typeof making === 'number' ? making : undefined);
  const order = member(token, 'order');
  const about = {
    protector: wordOf(protector),
    sealedFor: wordOf(sealedFor),
    order: typeof order === 'number' ? order : 0,
  };
  return [{ tokenId, ...about, slot, isUnfinished: typeof making === 'number' }];
}

function othersToken(tokenId: number, token: unknown): LuksHeader['others'][number][] {
  const type = member(token, 'type');
  if (typeof type !== 'string' || type === tokenType) return [];
  return [{ tokenId, type, slots: slotsOf(token), needsPin: member(token, 'tpm2-pin') === true }];
}

function slotsOf(token: unknown): number[] {
  return items(member(token, 'keyslots')).map(Number).filter(Number.isInteger);
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** The newest key that was finished, whatever became of it. */
export function newestKey({ own }: LuksHeader): OwnKey | undefined {
  return own.filter(({ isUnfinished }) => !isUnfinished).sort((a, b) => b.order - a.order)[0];
}

/** The first that is free; undefined when the header is full. */
export function freeSlot({ slots }: LuksHeader): number | undefined {
  return firstFree(new Set(slots));
}

export function freeToken({ own, others }: LuksHeader): number | undefined {
  return firstFree(new Set([...own, ...others].map(({ tokenId }) => tokenId)));
}

function firstFree(taken: ReadonlySet<number>): number | undefined {
  for (let number = 0; number < mostSlots; number += 1) if (!taken.has(number)) return number;
  return undefined;
}

/** A token as it stands in the header; while the key is being made it names the slot without claiming it. */
export function tokenText(
  key: Pick<OwnKey, 'protector' | 'sealedFor' | 'order'>,
  slot: number,
  isUnfinished: boolean,
): string {
  const { protector, sealedFor, order } = key;
  const about = { type: tokenType, protector, escrow: sealedFor, order };
  return JSON.stringify(
    isUnfinished ? { ...about, keyslots: [], making: slot } : { ...about, keyslots: [String(slot)] },
  );
}
