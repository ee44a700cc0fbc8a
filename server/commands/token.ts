import { CodedError } from '../../shared/errors/catalogue.ts';
import type { OperatorClient } from './client.ts';
import { findOrg, findPerson } from './find.ts';
import type { Output } from './output.ts';

export interface TokenFlags {
  uses?: string | undefined;
  expires?: string | undefined;
  label?: string | undefined;
  person?: string | undefined;
  school?: string | undefined;
  platform?: string | undefined;
  hold?: boolean | undefined;
  simulated?: boolean | undefined;
  tag?: string[] | undefined;
}

const seconds = { m: 60, h: 3600, d: 86_400 } as const;

/** `7d`, `12h`, `30m` as seconds. */
export function parseDuration(text: string): number {
  const parts = /^(\d{1,5})([mhd])$/.exec(text);
  if (!parts) throw new CodedError('bad-request', `--expires ${text}: write a number and m, h or d, for example 7d.`);
  return Number(parts[1]) * seconds[parts[2] as keyof typeof seconds];
}

/** `rollcall token create`: prints the token alone, so that it can be piped. */
export async function createToken(client: OperatorClient, flags: TokenFlags, output: Output): Promise<void> {
  const maxUses = Number(flags.uses ?? '1');
  if (!Number.isInteger(maxUses) || maxUses < 1)
    throw new CodedError('bad-request', `--uses ${flags.uses}: write a whole number from 1.`);
  const made = await client.call('createToken', {
    body: {
      maxUses,
      expiresInSeconds: parseDuration(flags.expires ?? '7d'),
      approval: flags.hold ? 'hold' : 'automatic',
      ...(flags.label ? { label: flags.label } : {}),
      ...(flags.person ? { personId: (await findPerson(client, flags.person)).id } : {}),
      ...(flags.school ? { orgId: (await findOrg(client, flags.school)).id } : {}),
      ...(flags.platform ? { platform: flags.platform as 'linux' } : {}),
      ...(flags.simulated ? { simulated: true } : {}),
      ...(flags.tag ? { tags: flags.tag } : {}),
    },
  });
  output.result(made, made.token);
}
