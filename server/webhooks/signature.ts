import { createHmac } from 'node:crypto';

const prefix = 'whsec_';

/** A secret as receivers are given it: https://github.com/standard-webhooks/standard-webhooks, "Signature scheme". */
export function secretOf(key: Uint8Array): string {
  return prefix + Buffer.from(key).toString('base64');
}

/** The header `webhook-signature`: one signature by each secret, apart by spaces, the newest first. */
export function signatures(message: { id: string; seconds: number; body: string }, secrets: readonly string[]): string {
  return secrets.map((secret) => `v1,${signature(message, secret)}`).join(' ');
}

function signature({ id, seconds, body }: { id: string; seconds: number; body: string }, secret: string): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  return createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
}
