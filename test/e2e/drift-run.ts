/*
 * Run by drift.test.ts on a host of its own (own-host.ts): the whole product as root. Somebody switches the firewall off by
 * hand, under a profile that enforces it and under one that only looks; prints what was told where, and how fast.
 */

import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { SystemCommands } from '../../agent/platform/commands.ts';
import { until } from '../fakes/programs.ts';
import { succeeded, WholeDistrict } from '../fakes/whole-district.ts';

const commands = new SystemCommands();
const patience = 60_000;
/** A firewall of the host's own, such as a site keeps it. */
const sites = `table inet site {
  chain input {
    type filter hook input priority 0; policy drop;
    iifname "lo" accept
    ct state established,related accept
  }
}
`;

async function nft(input: string): Promise<void> {
  const { code, stderr } = await commands.run('/usr/sbin/nft', ['-f', '-'], { input });
  if (code !== 0) throw new Error(stderr);
}

/** What the page of the device says while its firewall is off. */
const remedy = 'Switch the firewall on';
const district = new WholeDistrict('/');

async function publish(mode: 'enforce' | 'audit'): Promise<void> {
  const path = join(district.folder, 'firewall.yaml');
  const assignments = [{ to: { kind: 'everyone' }, priority: 50 }];
  writeFileSync(
    path,
    JSON.stringify({ kind: 'profile', name: 'Firewall', settings: { firewall: { mode } }, assignments }),
  );
  succeeded(await district.rollcall('apply', '-f', path));
}

/** School days to put a firewall right, which is critical otherwise; what else this machine lacks does not count. */
async function allowGrace(): Promise<void> {
  const { policy, version } = await district.client.call('readCompliancePolicy');
  const firewall = { check: 'firewall-on', counts: true, graceDays: 5, severity: 'major' as const };
  const others = ['disk-encrypted', 'not-local-admin', 'agent-current'].map((name) => ({
    check: name,
    counts: false,
    graceDays: null,
    severity: null,
  }));
  await district.client.call('saveCompliancePolicy', {
    body: { policy: { ...policy, checks: [firewall, ...others] }, version },
  });
}

/** Until the device has proved what is published now; its firewall is on as the server sees it. */
async function settled(): Promise<void> {
  await until('every section verified', patience, async () => {
    const sections = (await district.detail())?.sections ?? [];
    return sections.length === 3 && sections.every(({ status, upToDate }) => status === 'verified' && upToDate);
  });
  await until('a firewall that is on', patience, async () => (await check('firewall-on')).status === 'pass');
}

async function person() {
  const id = (await district.detail())?.custody[0]?.person.id ?? '';
  return await district.client.call('readPerson', { params: { id } });
}

/** As the page of the person in the console has it. */
async function check(name: string): Promise<{ status: string; words: string }> {
  const { checks } = await person();
  const found = checks[0]?.findings.find((one) => one.check === name);
  return { status: found?.status ?? 'unknown', words: found ? `${found.title}: ${found.actual}` : '' };
}

/** The device's own page, as a browser on it gets it. */
async function ownPage(): Promise<string> {
  const { page = '' } = await district.status();
  const [host = '', port = ''] = page.split(':');
  return await new Promise((resolve, reject) => {
    get({ host, port, path: '/', headers: { host, accept: 'text/html' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')));
    }).on('error', reject);
  });
}

const events = async (code: string) => (await district.events()).filter((event) => event.code === code);
const waiting = async () => (await district.detail())?.sections.find(({ section }) => section === 'firewall')?.failure;
const tables = async () => (await commands.run('/usr/sbin/nft', ['list', 'tables'])).stdout;

/** Does something by hand and says after how many milliseconds each place shows it. */
async function after(act: () => Promise<void>, places: Record<string, () => Promise<boolean>>) {
  const began = performance.now();
  await act();
  const times = Object.entries(places).map(async ([place, isTold]) => {
    await until(place, patience, isTold);
    return [place, Math.round(performance.now() - began)] as const;
  });
  return Object.fromEntries(await Promise.all(times));
}

const seen: Record<string, unknown> = {};
try {
  await district.upstream.start('127.0.0.2', 53);
  await district.serve();
  succeeded(await district.rollcall('import', 'oneroster', district.writeRoster()));
  succeeded(await district.rollcall('apply', '-f', district.writePolicy()));
  await publish('enforce');
  await district.enrol();
  district.runAgent();
  await settled();
  seen.before = { person: await check('firewall-on'), page: await ownPage() };

  const flush = () => nft('flush ruleset');
  seen.enforced = await after(flush, {
    'the table is back': async () => (await tables()).includes('rollcall-firewall'),
    'the event is on the device in the console': async () => (await events('drift-corrected')).length === 1,
    'the device’s own page says that it was put right': async () =>
      (await ownPage()).includes('Somebody or something changed it, and this device put it right'),
    'the person’s page says what was put right': async () => (await person()).corrections.length === 1,
  });
  seen.event = (await events('drift-corrected'))[0]?.words;
  await flush();
  await until('told twice', patience, async () => (await events('drift-corrected')).length === 2);
  seen.fought = await after(flush, {
    'the finding is on the person in the console': async () => (await check('no-tampering')).status === 'fail',
  });
  seen.tamper = {
    words: (await check('no-tampering')).words,
    finding: (await district.detail())?.findings.find(({ code }) => code === 'tamper')?.detail,
    events: (await events('drift-corrected')).length,
  };
  seen.leftAlone = await after(flush, {
    'the person’s page says that it is off': async () => (await check('firewall-on')).status === 'fail',
    'the device’s own page says what to do': async () => (await ownPage()).includes(remedy),
    'the section says until when': async () => (await waiting())?.code === 'tampered',
  });
  seen.waiting = (await waiting())?.message;

  await nft(sites);
  await publish('audit');
  await allowGrace();
  await settled();
  seen.audited = await after(flush, {
    'the person’s page says that it is off': async () => (await check('firewall-on')).status === 'fail',
    'the person is in grace': async () => (await person()).person.verdict.state === 'in-grace',
    'the device’s own page says what to do': async () => (await ownPage()).includes(remedy),
  });
  const [verdict] = (await person()).verdicts;
  seen.judged = { state: verdict?.state, reasons: verdict?.reasons, left: !(await tables()).includes('rollcall') };
} finally {
  await district[Symbol.asyncDispose]();
}
process.stdout.write(`\n${JSON.stringify(seen)}\n`);
process.exit(0);
