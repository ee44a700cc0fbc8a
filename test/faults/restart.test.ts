import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentStatus } from '../../agent/local/status.ts';
import type { DeviceDetail } from '../../shared/api/schemas.ts';
import type { Evidence } from '../../shared/protocol/messages.ts';
import { show, until } from '../fakes/programs.ts';
import { browserPolicy, WholeDistrict } from '../fakes/whole-district.ts';

describe('a device while its server is away, and when it is back', () => {
  let district: WholeDistrict;
  let before: { status: AgentStatus; detail: DeviceDetail; events: { id: number }[]; policy: string };

  const policyPath = () => join(district.root, browserPolicy);
  const policy = () => readFileSync(policyPath(), 'utf8');
  const isBlocked = async () => (await district.ask('blocked.example')).values[0] === '0.0.0.0';
  const disconnected = () =>
    until('a status without a connection', 10_000, async () => {
      const status = await district.status();
      return !status.connected && status;
    });

  /** Until nothing is on its way any more: health, observations and sections have all been said. */
  async function settled(): Promise<DeviceDetail> {
    await until('an empty spool at a connected agent', 60_000, async () => {
      const { connected, spooled } = await district.status();
      return connected && spooled === 0;
    });
    return await district.landed();
  }

  beforeAll(async () => {
    district = await WholeDistrict.verified();
    // The device has been used, and looked at itself again since: what it saw then is what it must see after a restart.
    await district.ask('www.example.org');
    writeFileSync(join(district.root, 'etc/resolv.conf'), 'nameserver 192.0.2.53\n');
    await until('drift of the resolver reported', 10_000, async () =>
      (await district.events()).some(({ code }) => code === 'drift-corrected'),
    );
    const detail = await settled();
    const [status, events] = [await district.status(), await district.events()];
    before = { status, detail, events, policy: policy() };
  }, 120_000);
  afterAll(async () => await district?.[Symbol.asyncDispose]());

  it('without the server nothing changes: files, resolver and what is said to be in force', async () => {
    expect(await district.server?.stop()).toBe(0);
    const status = await disconnected();
    expect(status.sections.map(asInForce)).toEqual(before.status.sections.map(asInForce));
    expect(status.generation).toBe(before.status.generation);
    expect(policy()).toBe(before.policy);
    expect(await isBlocked()).toBe(true);
    expect((await district.ask('www.example.org')).values).toEqual(['192.0.2.10']);
  });

  it('drift is put right without the server, and kept to be told', async () => {
    const { spooled } = await district.status();
    writeFileSync(policyPath(), '{"URLBlocklist":[]}');
    await until('the policy put back', 15_000, () => policy() === before.policy);
    await until('a record that waits', 15_000, async () => (await district.status()).spooled > spooled);
  });

  it('an agent that starts without a server enforces from disk before any network', async () => {
    expect(await district.agent?.stop()).toBe(0);
    expect(policy()).toBe(before.policy);
    rmSync(policyPath());
    await expect(district.ask('blocked.example')).rejects.toThrow();
    const started = performance.now();
    district.runAgent();
    await until('the resolver answering', 10_000, () => isBlocked().catch(() => false));
    await until('the policy back', 10_000, () => {
      try {
        return policy() === before.policy;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      }
    });
    const ms = performance.now() - started;
    show(`start of the process → resolver and browsers enforced from disk: ${Math.round(ms)} ms`);
    // Promised is 1 s; a loaded machine is given more, so that the test tells of bugs and not of neighbours.
    expect(ms).toBeLessThan(10_000);
    expect(await district.status()).toMatchObject({ connected: false, generation: before.status.generation });
  });

  it('with the server back the agent comes back, and what happened meanwhile arrives once', async () => {
    await district.serve();
    const detail = await settled();
    const after = await district.events();
    expect(after.slice(0, before.events.length)).toEqual(before.events);
    const added = after.slice(before.events.length);
    expect(added.map(({ code }) => code)).toEqual(['drift-corrected']);
    expect(added[0]?.words).toMatch(/URLBlocklist/);
    expect(detail.findings).toEqual(before.detail.findings);
    expect(detail.sections.map(withoutLatency)).toEqual(before.detail.sections.map(withoutLatency));
    expect(detail.desiredGeneration).toBe(before.detail.desiredGeneration);
  }, 90_000);

  it('another restart of the server, with nothing to tell, adds nothing', async () => {
    const { events, detail } = { events: await district.events(), detail: await settled() };
    expect(await district.server?.stop()).toBe(0);
    await district.serve();
    const again = await settled();
    await wait(1_000);
    expect(await district.events()).toEqual(events);
    expect(again.sections.map(withoutLatency)).toEqual(detail.sections.map(withoutLatency));
    expect(again.findings).toEqual(detail.findings);
  }, 90_000);
});

/** How fast names are answered is measured anew at each pass, and told when it falls into another step. */
function lasting(evidence: readonly Evidence[]): Evidence[] {
  return evidence.map((line) => ({ ...line, seen: line.seen.replace(/, median (under|of) \d+ ms( or more)?$/, '') }));
}

function withoutLatency({ reportedAt: _, evidence, ...section }: DeviceDetail['sections'][number]) {
  return { ...section, evidence: lasting(evidence) };
}

function asInForce({ at: _, evidence, ...section }: AgentStatus['sections'][number]) {
  return { ...section, evidence: lasting(evidence) };
}
