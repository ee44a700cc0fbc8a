import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeptLatest } from '../../../../agent/store/kept-latest.ts';
import { RecordReadsMessage } from '../../../../shared/protocol/messages.ts';
import { validator } from '../../../../shared/schema.ts';
import { FakeLog } from '../../../fakes/log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-kept-'));
});
afterEach(() => rm(folder, { recursive: true }));

const kept = (log = new FakeLog()) =>
  new KeptLatest(join(folder, 'record-reads.json'), validator(RecordReadsMessage), log);
const said = { at: 1, reads: [{ at: 1, by: 'Kim', roles: [], words: 'Looked at a person.' }] };

it('what the server said outlives a restart', () => {
  expect(kept().latest).toBeUndefined();
  kept().keep(said);
  expect(kept().latest).toEqual(said);
});

it('what is damaged counts as not said', () => {
  writeFileSync(join(folder, 'record-reads.json'), '{"at":1}');
  expect(kept().latest).toBeUndefined();
});

it('without a disk it is remembered until the agent ends', () => {
  mkdirSync(join(folder, 'record-reads.json'));
  const one = kept();
  one.keep(said);
  expect(one.latest).toEqual(said);
});
