import Type from 'typebox';
import { choice, Sha256, strictObject, text } from '../schema.ts';

const Parameter = Type.Union([text(1000), Type.Number(), Type.Boolean()]);

/** What a device can be told to do, with its parameters. */
export const Action = Type.Union([
  strictObject({
    kind: Type.Literal('message'),
    title: text(100, { minLength: 1 }),
    words: text(1000, { minLength: 1 }),
  }),
  strictObject({ kind: Type.Literal('check-again') }),
  strictObject({ kind: Type.Literal('restart-agent') }),
  /** The person is warned so long before, and may ask for as long again so many times. */
  strictObject({
    kind: Type.Literal('restart-device'),
    warnMinutes: Type.Integer({ minimum: 1, maximum: 60 }),
    postpones: Type.Integer({ minimum: 0, maximum: 5 }),
  }),
  strictObject({ kind: Type.Literal('rotate-certificate') }),
  strictObject({ kind: Type.Literal('renew-network') }),
  strictObject({
    kind: Type.Literal('clear-browser-cache'),
    browser: choice(['chromium', 'chrome', 'edge', 'firefox', 'all']),
  }),
  strictObject({
    kind: Type.Literal('run-script'),
    scriptId: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
    revision: Type.Integer({ minimum: 1 }),
    /** Of the script's published content: what runs is exactly what was reviewed. */
    hash: Sha256,
    parameters: Type.Record(Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,39}$' }), Parameter, { maxProperties: 20 }),
  }),
  strictObject({
    kind: Type.Literal('lost-mode'),
    words: text(500, { minLength: 1 }),
    contact: text(200, { minLength: 1 }),
  }),
  strictObject({ kind: Type.Literal('end-lost-mode') }),
  strictObject({ kind: Type.Literal('lock') }),
  strictObject({ kind: Type.Literal('wipe') }),
]);
export type Action = Type.Static<typeof Action>;
export type ActionKind = Action['kind'];

export const actionKinds = [
  'message',
  'check-again',
  'restart-agent',
  'restart-device',
  'rotate-certificate',
  'renew-network',
  'clear-browser-cache',
  'run-script',
  'lost-mode',
  'end-lost-mode',
  'lock',
  'wipe',
] as const satisfies readonly ActionKind[];

/** Two people's passkeys sign each of these, whatever it is done to. */
export const dangerousActions: ReadonlySet<ActionKind> = new Set(['lost-mode', 'lock', 'wipe']);

/** More devices than this at once is dangerous, whatever is done. */
export const massDevices = 50;
