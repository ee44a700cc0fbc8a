import { join } from 'node:path';
import { homeOf } from '../config.ts';
import { createApiToken, listApiTokens, revokeApiToken } from './api-token.ts';
import { apply } from './apply.ts';
import { auditHead, erasePerson, exportAudit, verifyAudit } from './audit.ts';
import { change, changeActs } from './change.ts';
import type { OperatorClient } from './client.ts';
import { exitCodes } from './exit-codes.ts';
import { explain } from './explain.ts';
import { exportEvidence } from './export-evidence.ts';
import { findDevice, findPerson } from './find.ts';
import { demandNone, type Flags, locks, UsageError } from './flags.ts';
import { type Gettable, get, gettable } from './get.ts';
import { importRoster } from './import.ts';
import { importList } from './import-list.ts';
import type { Output } from './output.ts';
import { applyPolicy, diffPolicy, exportPolicy } from './policy-code.ts';
import { actOnStaff, addStaff, listStaff, setSides, staffActs } from './staff.ts';
import { createToken } from './token.ts';

/** More are a slip, such as two folders where one is meant. */
export const mostWords: Record<string, number> = {
  ...{ token: 1, 'api-token': 2, import: 3, export: 1, diff: 1, apply: 1, explain: 3, get: 1, assign: 2, return: 1 },
  ...{ backup: 2, restore: 1 },
  ...{ revoke: 1, staff: 3, change: 2, 'export-evidence': 0, rotate: 1, audit: 1, person: 2 },
};

/** One command: its words after the name. Undefined is done. */
export type Command = (
  words: string[],
  flags: Flags,
  client: OperatorClient,
  output: Output,
) => Promise<number | undefined>;

/** Every command but `serve`, by its name. */
export const commands: Record<string, Command> = {
  token: async (words, flags, client, output) => {
    if (words[0] !== 'create') throw new UsageError('rollcall token create …');
    await createToken(client, flags, output);
    return exitCodes.done;
  },
  'api-token': async ([act, name], flags, client, output) => {
    if (act === 'list') await listApiTokens(client, output);
    else if (act === 'create' && name) await createApiToken(client, name, flags, output);
    else if (act === 'revoke' && name) await revokeApiToken(client, name, output);
    else throw new UsageError('rollcall api-token create NAME --scope SCOPE | list | revoke NAME');
    return exitCodes.done;
  },
  import: async ([kind, path, from], flags, client, output) => {
    if (kind === 'list' && path && from) {
      return await importList(client, path, from, { title: flags.title, licence: flags.licence }, output);
    }
    if ((kind !== 'oneroster' && kind !== 'people') || !path)
      throw new UsageError('rollcall import oneroster|people PATH, or rollcall import list CATEGORY FILE_OR_URL');
    return await importRoster(
      client,
      kind,
      path,
      { dryRun: flags['dry-run'], lenient: flags.lenient, yes: flags.yes },
      output,
    );
  },
  export: async ([folder], _flags, client, output) => {
    if (!folder) throw new UsageError('rollcall export DIR');
    await exportPolicy(client, folder, output);
    return exitCodes.done;
  },
  diff: async ([folder], { prune }, client, output) => {
    if (!folder) throw new UsageError('rollcall diff DIR [--prune]');
    return await diffPolicy(client, folder, { prune }, output);
  },
  apply: async ([folder], flags, client, output) => {
    if ((folder === undefined) === (flags.file === undefined))
      throw new UsageError(
        'rollcall apply DIR [--dry-run] [--prune] [--yes] [--overwrite] [--note TEXT], or rollcall apply -f FILE_OR_DIR',
      );
    if (flags.file !== undefined) {
      demandNone(flags, ['dry-run', 'prune', 'yes', 'overwrite', 'note'], 'apply -f');
      await apply(client, flags.file, output);
      return exitCodes.done;
    }
    const { prune, overwrite, yes, note = '' } = flags;
    return await applyPolicy(client, folder ?? '', { dryRun: flags['dry-run'], prune, overwrite, yes, note }, output);
  },
  explain: async ([person, device, setting], _flags, client, output) => {
    if (!person) throw new UsageError('rollcall explain PERSON [DEVICE] [SETTING]');
    await explain(client, { person, device, setting }, output);
    return exitCodes.done;
  },
  get: async ([what], _flags, client, output) => {
    if (!(gettable as readonly string[]).includes(what ?? ''))
      throw new UsageError(`rollcall get ${gettable.join('|')}`);
    await get(client, what as Gettable, output);
    return exitCodes.done;
  },
  assign: async ([device, person], flags, client, output) => {
    if (!device || !person) throw new UsageError('rollcall assign DEVICE PERSON [--loan]');
    const [found, holder] = [await findDevice(client, device), await findPerson(client, person)];
    const body = { personId: holder.id, kind: flags.loan ? 'loan' : 'primary' } as const;
    const custody = await client.call('openCustody', { params: { id: found.id }, body });
    output.result(custody, `${found.name} is now held by ${holder.name}.`);
    return exitCodes.done;
  },
  return: async ([device], _flags, client, output) => {
    if (!device) throw new UsageError('rollcall return DEVICE');
    const found = await findDevice(client, device);
    output.result(await client.call('closeCustody', { params: { id: found.id } }), `${found.name} is back.`);
    return exitCodes.done;
  },
  revoke: async ([device], flags, client, output) => {
    if (!device) throw new UsageError('rollcall revoke DEVICE [--reason TEXT]');
    const found = await findDevice(client, device);
    const answer = await client.call('revokeDevice', {
      params: { id: found.id },
      body: { reason: flags.reason ?? 'revoked by hand' },
    });
    output.result(answer, `${found.name} is revoked. It must be enrolled again.`);
    return exitCodes.done;
  },
  staff: async ([act, who, what], flags, client, output) => {
    const staffAct = staffActs.find((one) => one === act);
    if (act === 'sides' && who && what) await setSides(client, who, what, output);
    else if (act === 'add' && who && what)
      await addStaff(client, { name: who, email: what, signsFor: flags['signs-for'] }, output);
    else if (act === 'list' && !who) await listStaff(client, output);
    else if (staffAct && who && !what) await actOnStaff(client, staffAct, { email: who, reason: flags.reason }, output);
    else
      throw new UsageError(
        `rollcall staff add NAME EMAIL [--signs-for it,curriculum], sides EMAIL it,curriculum, list, or ${staffActs.join('|')} EMAIL`,
      );
    return exitCodes.done;
  },
  change: async ([act, id], { reason }, client, output) => {
    const known = changeActs.find((one) => one === act);
    if (!known) throw new UsageError(`rollcall change ${changeActs.join('|')} [ID]`);
    await change(client, known, { id, reason }, output);
    return exitCodes.done;
  },
  backup: async ([act, file], flags, _client, output) => {
    const { backup, checkBackupFile, newBackupKey } = await import('./backup.ts');
    if (act === 'check' && file) await checkBackupFile(file, locks(flags), output);
    else if (act === 'new-key' && file) await newBackupKey(file, output);
    else if (act && !file) await backup(homeOf(flags.home), act, locks(flags), output);
    else throw new UsageError('rollcall backup FILE | check FILE | new-key FILE');
    return exitCodes.done;
  },
  restore: async ([file], flags, _client, output) => {
    if (!file) throw new UsageError('rollcall restore FILE [--replace]');
    const { restore } = await import('./backup.ts');
    await restore(homeOf(flags.home), file, { ...locks(flags), replace: flags.replace }, output);
    return exitCodes.done;
  },
  audit: async ([act], { from, to, out, head }, client, output) => {
    if (act === 'verify') return await verifyAudit(client, head, output);
    if (act === 'head') await auditHead(client, output);
    else if (act === 'export' && out)
      await exportAudit(client, { out, ...(from && { from }), ...(to && { to }) }, output);
    else
      throw new UsageError(
        'rollcall audit verify [--head FILE] | head | export [--from INSTANT] [--to INSTANT] --out FILE',
      );
    return exitCodes.done;
  },
  person: async ([act, sourcedId], { reason, yes }, client, output) => {
    if (act !== 'erase' || !sourcedId || !reason)
      throw new UsageError('rollcall person erase SOURCEDID --reason TEXT [--yes]');
    return await erasePerson(client, { sourcedId, reason, yes }, output);
  },
  'export-evidence': async (_words, { at, out }, client, output) => {
    if (!out) throw new UsageError('rollcall export-evidence [--at 2026-10-03T15:00:00Z] --out FILE');
    await exportEvidence(client, { at, out }, output);
    return exitCodes.done;
  },
  rotate: async ([what], flags, client, output) => {
    if (what === 'secrets-key') {
      const { resealed } = await client.call('rotateSecretsKey');
      output.result(
        { resealed },
        `${resealed} secrets are sealed with a new key. Earlier backups hold the earlier one.`,
      );
      return exitCodes.done;
    }
    if (what === 'issuing-certificate') {
      const { rotateIssuingCertificate } = await import('./rotate-issuing.ts');
      await rotateIssuingCertificate(homeOf(flags.home), output);
      return exitCodes.done;
    }
    if (what !== 'state-key') throw new UsageError('rollcall rotate state-key|secrets-key|issuing-certificate');
    const rotated = await client.call('rotateStateKey');
    const pki = join(homeOf(flags.home), 'pki');
    const words = `Desired states are signed with a new key (version ${rotated.version}). Back up ${pki} now: devices that have followed do not obey a server restored from an older backup.`;
    output.result(rotated, words);
    return exitCodes.done;
  },
};
