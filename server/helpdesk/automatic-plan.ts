/** What a ticket is opened by without anybody asking. `subject`: a device, or a unit (empty: people without one). */
export interface Cause {
  kind: 'silent' | 'silent-school' | 'disk' | 'tamper';
  subject: string;
}

export const causeKey = ({ kind, subject }: Cause) => `${kind} ${subject}`;

export function causeOf(key: string): Cause {
  const [kind = '', subject = ''] = key.split(' ');
  return { kind: kind as Cause['kind'], subject };
}

export interface CausePlan {
  begin: Cause[];
  /** Keys of causes that are over. */
  end: string[];
}

export interface SilenceFacts {
  /** Devices that are silent now, with the unit of their people. */
  silent: readonly { deviceId: string; orgId: string | null }[];
  heldByUnit: ReadonlyMap<string | null, number>;
  /** Keys of the causes that have a ticket. */
  known: ReadonlySet<string>;
}

/** So many devices of one school falling silent at once are an outage: one matter, not many. */
const outageShare = 0.2;
const outageLeast = 5;

/**
 * Which silences begin and end. When more of a school fall silent at once than chance explains, the school gets one ticket
 * in place of each device; when most are back, those that are left get their own. Pure.
 */
export function planSilence({ silent, heldByUnit, known }: SilenceFacts): CausePlan {
  const begin: Cause[] = [];
  const now = new Set(silent.map(({ deviceId }) => causeKey({ kind: 'silent', subject: deviceId })));
  const outages = new Set<string>();
  for (const [orgId, devices] of Map.groupBy(silent, (device) => device.orgId)) {
    const outage: Cause = { kind: 'silent-school', subject: orgId ?? '' };
    const single = devices.map(({ deviceId }): Cause => ({ kind: 'silent', subject: deviceId }));
    const fresh = single.filter((cause) => !known.has(causeKey(cause)));
    const limit = Math.max(outageLeast, Math.floor((heldByUnit.get(orgId) ?? 0) * outageShare));
    const isOut = known.has(causeKey(outage)) ? fresh.length > limit / 2 : fresh.length > limit;
    if (isOut) outages.add(causeKey(outage));
    if (isOut && !known.has(causeKey(outage))) begin.push(outage);
    if (!isOut) begin.push(...fresh);
  }
  const isOver = (key: string) => (key.startsWith('silent-school ') ? !outages.has(key) : !now.has(key));
  return { begin, end: [...known].filter((key) => key.startsWith('silent') && isOver(key)) };
}

/** Which conditions of devices that were looked at begin and end. `looked`: absent: all devices. Pure. */
export function planCondition(
  kind: 'disk' | 'tamper',
  holding: ReadonlySet<string>,
  known: ReadonlySet<string>,
  looked?: ReadonlySet<string>,
): CausePlan {
  const begin = [...holding]
    .map((subject): Cause => ({ kind, subject }))
    .filter((cause) => !known.has(causeKey(cause)));
  const end = [...known].filter((key) => {
    const cause = causeOf(key);
    return cause.kind === kind && !holding.has(cause.subject) && (looked?.has(cause.subject) ?? true);
  });
  return { begin, end };
}
