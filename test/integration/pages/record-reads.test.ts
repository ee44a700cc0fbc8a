import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordReadsMessage } from '../../../shared/protocol/messages.ts';
import { send } from '../../fakes/http.ts';
import { monday, OwnPages } from '../../fakes/own-pages.ts';

let folder: string;
let own: OwnPages;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-reads-'));
  own = await new OwnPages(folder).start();
});
afterEach(async () => {
  await own.stop();
  await rm(folder, { recursive: true });
});

const page = async (language = 'en') => {
  const headers = { host: '127.0.0.1', accept: 'text/html', 'accept-language': language };
  return (await send(own.port, '/', { headers })).text;
};
const tell = (...reads: RecordReadsMessage['reads']) => {
  own.own = { ...own.own, recordReads: { at: monday, reads } };
};
const read = { at: monday, by: 'Kim <b>Lee</b>', roles: ['helpdesk', 'newer-role'], words: 'Looked at a person.' };

describe('who looked at records of the person, on "My device"', () => {
  it('is not guessed before the district has said it', async () => {
    expect(await page()).not.toContain('Who looked at what is recorded of you');
  });

  it('is nobody where nobody did', async () => {
    tell();
    expect(await page()).toContain('Nobody in the last 30 days.');
  });

  it('is named with role, purpose and time, and cannot write into the page', async () => {
    tell({ ...read, reason: 'Ticket 17' });
    const text = await page();
    expect(text).toContain('<strong>Kim &lt;b&gt;Lee&lt;/b&gt;</strong> (helpdesk, newer-role)');
    expect(text).toContain('Looked at a person. What for: Ticket 17');
    expect(text).toContain('<p class="small">09:00</p>');
  });

  it('is said in the language of the person', async () => {
    tell(read);
    expect(await page('es')).toContain('(soporte, newer-role)');
  });
});
