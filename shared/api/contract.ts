import Type from 'typebox';
import { strictObject, text } from '../schema.ts';

/** With a request of a page that nobody has touched for a while. */
export const unattendedHeader = 'rollcall-unattended';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * One REST route, declared once: the server registers it, the console and the command line call it, and the API
 * reference is generated from it. `access`: `public` needs no session (sign-in, set-up), `entering` one that may still lack
 * its second factor, `staff` a complete one.
 */
export interface Route<
  P extends Type.TSchema = Type.TSchema,
  Q extends Type.TSchema = Type.TSchema,
  B extends Type.TSchema = Type.TSchema,
  R extends Type.TSchema = Type.TSchema,
> {
  method: Method;
  /** Fastify's form: `/api/people/:id`. */
  path: string;
  summary: string;
  access: 'public' | 'entering' | 'staff';
  params: P;
  query: Q;
  /** For uploads (`upload` set) the body is raw bytes and this is unused. */
  body: B;
  response: R;
  upload?: { types: readonly string[]; limitBytes: number };
  /** The largest JSON body, where the usual limit of the listener does not do. */
  limitBytes?: number;
  /** The answer is a file of one of these media types, as `FileAnswer`; only a refusal is JSON. */
  download?: { types: readonly string[] };
  /** The request or the answer holds what nobody may read later: neither is kept to be repeated. */
  secret?: true;
}

const None = Type.Object({});

/** Fills in what a route does not need, so that declarations stay short. */
export function route<
  R extends Type.TSchema,
  P extends Type.TSchema = typeof None,
  Q extends Type.TSchema = typeof None,
  B extends Type.TSchema = typeof None,
>(
  method: Method,
  path: string,
  declared: {
    summary: string;
    response: R;
    access?: 'public' | 'entering' | 'staff';
    params?: P;
    query?: Q;
    body?: B;
    upload?: { types: readonly string[]; limitBytes: number };
    limitBytes?: number;
    download?: { types: readonly string[] };
    secret?: true;
  },
): Route<P, Q, B, R> {
  const { summary, response, access = 'staff', params, query, body, upload, limitBytes, download, secret } = declared;
  return {
    method,
    path,
    summary,
    access,
    params: (params ?? None) as P,
    query: (query ?? None) as Q,
    body: (body ?? None) as B,
    response,
    ...(upload ? { upload } : {}),
    ...(limitBytes ? { limitBytes } : {}),
    ...(download ? { download } : {}),
    ...(secret ? { secret } : {}),
  };
}

export type Params<R extends Route> = Type.Static<R['params']>;
export type Query<R extends Route> = Type.Static<R['query']>;
export type RequestBody<R extends Route> = Type.Static<R['body']>;
export type Response<R extends Route> = Type.Static<R['response']>;

/** An instant as text, UTC: `2026-11-22T08:00:00.000Z`. */
export const Instant = Type.String({ maxLength: 30, description: 'UTC, ISO 8601' });
export const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });
export const IdParams = strictObject({ id: Id });
export const Done = strictObject({ done: Type.Literal(true) });
export const Nullable = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** Pages by an opaque cursor; `total` counts everything that matches. */
export const PageQuery = {
  cursor: Type.Optional(text(200)),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
};
export const page = <S extends Type.TSchema>(item: S) =>
  strictObject({ items: Type.Array(item), total: Type.Integer(), nextCursor: Nullable(Type.String()) });

/** What a handler of a `download` route gives: the server sends the bytes to be kept under the name, never to be shown. */
export const FileAnswer = strictObject({
  name: Type.String({ pattern: '^[A-Za-z0-9._-]{1,100}$' }),
  type: text(100),
  bytes: Type.Unsafe<Uint8Array>({}),
  /** How many people, devices or events it tells of: counted against the quota of exports, never sent. */
  rows: Type.Optional(Type.Integer()),
});
export type FileAnswer = Type.Static<typeof FileAnswer>;

/** Every error answer has this form; `code` is from `shared/errors/catalogue.ts`. */
export const ErrorAnswer = strictObject({
  error: strictObject({ code: Type.String(), message: Type.String(), details: Type.Array(Type.String()) }),
});
export type ErrorAnswer = Type.Static<typeof ErrorAnswer>;
