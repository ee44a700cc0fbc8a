import type Type from 'typebox';
import type {
  HealthCollectorName,
  healthSchemas,
  ObservationName,
  observationSchemas,
} from '../../shared/protocol/health.ts';

export type HealthValue<N extends HealthCollectorName> = Type.Static<(typeof healthSchemas)[N]>;
export type ObservationValue<N extends ObservationName> = Type.Static<(typeof observationSchemas)[N]>;

/** Reads one value afresh; undefined when this host has no such thing. May throw: the schedule logs it and tries later. */
export type Read<T> = () => Promise<T | undefined>;

/** One reader for each thing a device reports of its health. */
export type HealthReaders = { [N in HealthCollectorName]: Read<HealthValue<N>> };
/** One reader for each fact the compliance checks need; these always answer, `unknown` with a reason at worst. */
export type PostureReaders = { [N in ObservationName]: () => Promise<ObservationValue<N>> };

/** The same properties, each of which may also be undefined. */
type Partly<T> = { [K in keyof T]: T[K] | undefined };

/** Leaves out what is not known: the schemas want a property absent, not undefined. */
export function known<T extends object>(properties: Partly<T>): T {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as T;
}

/** A percentage within 0 to 100; undefined for what is no number. */
export function percent(value: number | undefined): number | undefined {
  return value === undefined || !Number.isFinite(value) ? undefined : Math.min(100, Math.max(0, value));
}

/** A share as a percentage; undefined when the whole is nothing. */
export function share(part: number, whole: number): number | undefined {
  return whole > 0 ? percent((100 * part) / whole) : undefined;
}

/** Fillers that makers leave in firmware instead of a serial number or a model. */
const filler =
  /^(0+|none|n\/a|-+|\.+|default string|to be filled.*|system (serial number|product name|manufacturer)|not (specified|applicable|available)|unknown|o\.?e\.?m\.?|invalid|123456789)$/i;

/** A label from firmware or a driver: printable, trimmed, at most `limit` characters; undefined for fillers. */
export function label(value: string | undefined, limit = 100): string | undefined {
  const words = value
    ?.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, limit)
    .trim();
  return words && !filler.test(words) ? words : undefined;
}
