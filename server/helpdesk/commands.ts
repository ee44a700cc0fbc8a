import type { CommandInput, CommandView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import type { Action } from '../../shared/commands/action.ts';
import { signaturesNeeded } from '../../shared/commands/approval.ts';
import { dayOf } from '../../shared/commands/budget.ts';
import type { Roster } from '../../shared/commands/roster.ts';
import { problemOfParameters } from '../../shared/commands/script.ts';
import { actionTitles, actionWords } from '../../shared/commands/words.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Sight } from '../access/standing.ts';
import type { Bus } from '../bus.ts';
import type { CommandService, Giver } from '../command-service-types.ts';
import { Endings } from '../endings.ts';
import type { EventLog, LifeCycle, Page, StaffPerson } from '../services.ts';
import type { ApprovalRecord } from '../store/approvals.ts';
import type { CommandQuery, CommandRow, CommandStore } from '../store/commands.ts';
import type { ScriptStore } from '../store/scripts.ts';
import type { TicketStore } from '../store/tickets.ts';
import type { ApprovalService, Follower } from './approvals.ts';
import { commandText, freeSlot, isDangerous, mustBeSigned } from './command-text.ts';

export interface CommandParts {
  stores: { commands: CommandStore; scripts: ScriptStore; tickets: Pick<TicketStore, 'byId'> };
  approvals: () => Pick<ApprovalService, 'open' | 'end'>;
  approvers: { inForce(): Promise<Roster | undefined> };
  isConnected: (deviceId: string) => boolean;
  audience: string;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

interface Judged {
  words: string;
  needs: number;
  problem: string | null;
  roster: Roster | undefined;
}

/** Commands: given, signed where two must, waiting for the devices, and over. `CommandFeed` takes them there. */
export class CommandDesk implements CommandService, Follower, LifeCycle {
  readonly #parts: CommandParts;
  readonly #ends: Endings;
  #unsubscribe: () => void = () => undefined;

  constructor(parts: CommandParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#ends = new Endings({ clock, onError, endOverdue: () => this.#endOverdue() });
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#parts.bus.subscribe('reported', async ({ byKind }) => {
      for (const id of byKind['command-result'] ?? []) await this.#answered(id);
    });
    await this.#ends.start(() => this.#parts.stores.commands.open());
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    await this.#ends.stop();
  }

  /** Resolves when all that is due has ended. */
  async settled(): Promise<void> {
    await this.#ends.settled();
  }

  async preview(input: CommandInput, giver: Giver) {
    const { words, needs, problem } = await this.#judge(input, giver);
    const connected = input.deviceIds.filter((id) => this.#parts.isConnected(id)).length;
    return { words, needs, problem, connected, devices: input.deviceIds.length };
  }

  async create(input: CommandInput, giver: Giver): Promise<CommandView> {
    const { clock, random, audience } = this.#parts;
    const { problem, needs, roster } = await this.#judge(input, giver);
    if (problem !== null) throw new CodedError('bad-command', problem);
    const [id, now] = [random.uuid(), clock.now()];
    const row: Omit<CommandRow, 'text'> = {
      ...{ id, kind: input.action.kind, action: JSON.stringify(input.action), approval_id: null },
      ...{ reason: plainText(input.reason, ''), ticket_id: input.ticketId ?? null },
      ...{ by_staff: giver.person?.id ?? null, by_actor: giver.actor, created_at: now },
      ...{ expires_at: now + input.expiresInMinutes * 60_000, state: needs === 0 ? 'open' : 'waiting' },
    };
    const text = { audience, id, now, roster: needs === 0 ? undefined : roster };
    if (needs === 0 || !roster || !giver.person)
      await this.#add(row, commandText(input, { ...text, slot: undefined }), input);
    else await this.#propose(row, input, { ...text, roster, by: giver.person });
    this.#ends.expect(id, row.expires_at);
    return await this.read(id);
  }

  async list(query: CommandQuery, sight: Sight): Promise<Page<CommandView>> {
    const page = await this.#parts.stores.commands.page(query, sight);
    return { ...page, items: await Promise.all(page.items.map((view) => this.#worded(view))) };
  }

  async read(id: string): Promise<CommandView> {
    const view = await this.#parts.stores.commands.view(id);
    if (!view) throw new CodedError('not-found', 'There is no such command.');
    return await this.#worded(view);
  }

  async devices(id: string, query: Parameters<CommandStore['devices']>[1]) {
    await this.read(id);
    return await this.#parts.stores.commands.devices(id, query);
  }

  async withdraw(id: string, giver: Giver): Promise<CommandView> {
    const { stores, approvals } = this.#parts;
    const view = await this.read(id);
    if (!(await stores.commands.move(id, ['waiting', 'open'], 'withdrawn')))
      throw new CodedError('conflict', 'This command is over already.');
    await this.#close(id, 'Taken back before the device answered.');
    if (view.approvalId) await approvals().end(view.approvalId, 'withdrawn');
    await this.#tell(id, { code: 'command-withdrawn', words: `Took back: ${view.words}`, actor: giver.actor });
    return await this.read(id);
  }

  /** Two have signed: it goes to the devices. */
  async signed({ subject_id: id, signatures }: ApprovalRecord): Promise<void> {
    const { stores } = this.#parts;
    if (!(await stores.commands.move(id, ['waiting'], 'open'))) return;
    const view = await this.read(id);
    const approver = signatures.map(({ actor }) => actor).join(', ');
    await this.#tell(id, { code: 'command-approved', words: view.words, actor: view.by, approver });
  }

  async over({ subject_id: id }: ApprovalRecord, state: 'rejected' | 'withdrawn' | 'expired'): Promise<void> {
    if (!(await this.#parts.stores.commands.move(id, ['waiting'], state))) return;
    await this.#close(id, state === 'expired' ? 'Nobody signed it in time.' : 'It was not approved.');
  }

  async #propose(
    row: Omit<CommandRow, 'text'>,
    input: CommandInput,
    { roster, by, now, audience, id }: { roster: Roster; by: StaffPerson; now: number; audience: string; id: string },
  ): Promise<void> {
    const { stores, approvals } = this.#parts;
    const taken = isDangerous(input) ? await stores.commands.slotsOf(dayOf(now)) : [];
    const slot = isDangerous(input) ? freeSlot(taken, roster.budget, now) : undefined;
    const text = commandText(input, { audience, id, now, roster, slot });
    const names = await stores.commands.activeDevices(input.deviceIds);
    await this.#add(row, text, input, slot);
    const approvalId = await approvals().open({
      ...{ kind: 'command', subjectId: id, text, reason: row.reason, by },
      title: `${actionTitles[input.action.kind]}: ${ofDevices([...names.values()].map(({ name }) => name))}`,
      lines: linesOf(
        input.action,
        [...names.values()].map(({ name }) => name),
        row.expires_at,
      ),
      expiresAt: row.expires_at,
      rosterVersion: roster.version,
    });
    await stores.commands.setApproval(id, approvalId);
    this.#parts.bus.publish('commands-changed', { commandIds: [id], deviceIds: input.deviceIds });
  }

  async #add(
    row: Omit<CommandRow, 'text'>,
    text: string,
    { deviceIds, action }: CommandInput,
    slot?: { day: string; slot: number },
  ): Promise<void> {
    if (!(await this.#parts.stores.commands.add({ ...row, text }, deviceIds, slot)))
      throw new CodedError('conflict', 'Another dangerous command took its place in the day just now. Try again.');
    const words = actionWords(action, countOf(deviceIds.length));
    const { by_actor: actor, reason } = row;
    const only = deviceIds.length === 1 ? deviceIds[0] : undefined;
    await this.#tell(row.id, { code: 'command-given', words, actor, reason, deviceId: only, ticketId: row.ticket_id });
  }

  async #judge(input: CommandInput, { person }: Giver): Promise<Judged> {
    const { approvers } = this.#parts;
    const needs = mustBeSigned(input) ? signaturesNeeded : 0;
    const roster = needs > 0 || input.action.kind === 'run-script' ? await approvers.inForce() : undefined;
    const names = [...(await this.#parts.stores.commands.activeDevices(input.deviceIds)).values()];
    const words = actionWords(input.action, ofDevices(names.map(({ name }) => name)));
    const problem =
      (names.length < input.deviceIds.length
        ? `${input.deviceIds.length - names.length} of the devices are not in service.`
        : null) ??
      (await this.#problemOfTicket(input)) ??
      (await this.#problemOfScript(input.action, names)) ??
      (needs > 0 ? await this.#problemOfDanger(input, roster, person) : null);
    return { words: words.slice(0, 500), needs, problem, roster };
  }

  async #problemOfTicket({ ticketId }: CommandInput): Promise<string | null> {
    if (ticketId === undefined || (await this.#parts.stores.tickets.byId(ticketId))) return null;
    return 'There is no such ticket.';
  }

  async #problemOfScript(action: Action, devices: readonly { platform: string }[]): Promise<string | null> {
    if (action.kind !== 'run-script') return null;
    const published = (await this.#parts.stores.scripts.find(action.scriptId))?.published;
    if (!published) return 'This script was not published.';
    if (published.number !== action.revision || published.hash !== action.hash)
      return 'A newer revision of this script was published. Choose it again.';
    if (devices.some(({ platform }) => platform !== published.content.platform))
      return 'This script is for another system than some of the devices have.';
    return problemOfParameters(published.content.parameters, action.parameters) ?? null;
  }

  async #problemOfDanger(
    input: CommandInput,
    roster: Roster | undefined,
    person: StaffPerson | undefined,
  ): Promise<string | null> {
    const { stores, clock } = this.#parts;
    if (!person) return 'Only somebody who is signed in to the console may ask for this.';
    if (!roster) return 'Nobody can approve this yet: an owner names the approvers first.';
    if (!isDangerous(input)) return null;
    const { devicesPerCommand, commandsPerDay } = roster.budget;
    if (input.deviceIds.length > devicesPerCommand)
      return `A dangerous command may name ${devicesPerCommand} devices at most.`;
    const taken = await stores.commands.slotsOf(dayOf(clock.now()));
    if (freeSlot(taken, roster.budget, clock.now())) return null;
    return `Today’s ${commandsPerDay} dangerous commands are used up. The day ends at midnight UTC.`;
  }

  async #answered(deviceId: string): Promise<void> {
    const { stores, bus } = this.#parts;
    const ids = await stores.commands.openOfDevice(deviceId);
    for (const id of ids) if (await stores.commands.closeIfAnswered(id)) this.#ends.forget(id);
    bus.publish('commands-changed', { commandIds: ids, deviceIds: [deviceId] });
  }

  async #endOverdue(): Promise<void> {
    const { stores, clock } = this.#parts;
    for (const { id } of await stores.commands.overdue(clock.now())) {
      if (!(await stores.commands.move(id, ['waiting', 'open'], 'expired'))) continue;
      await this.#close(id, 'The device did not answer in time.');
    }
  }

  async #close(id: string, words: string): Promise<void> {
    const { stores, bus, clock } = this.#parts;
    this.#ends.forget(id);
    await stores.commands.closeDevices(id, words, clock.now());
    bus.publish('commands-changed', { commandIds: [id], deviceIds: await stores.commands.deviceIds(id) });
  }

  async #worded(view: CommandView): Promise<CommandView> {
    const count = Object.values(view.devices).reduce((sum, number) => sum + number, 0);
    return { ...view, words: actionWords(view.action, countOf(count)).slice(0, 500) };
  }

  async #tell(
    id: string,
    told: {
      code: string;
      words: string;
      actor: string;
      reason?: string;
      approver?: string;
      deviceId?: string | undefined;
      ticketId?: string | null;
    },
  ): Promise<void> {
    const { events, bus, stores } = this.#parts;
    const { deviceId, ticketId, words, ...event } = told;
    await events.add({
      ...{ ...event, words: words.slice(0, 1000), ticketId: ticketId ?? undefined },
      ...(deviceId !== undefined && { subject: { kind: 'device', id: deviceId } }),
    });
    bus.publish('commands-changed', { commandIds: [id], deviceIds: await stores.commands.deviceIds(id) });
  }
}

const namesShown = 3;

function countOf(count: number): string {
  return count === 1 ? 'one device' : `${count} devices`;
}

function ofDevices(names: readonly string[]): string {
  if (names.length === 0) return 'no device';
  if (names.length <= namesShown) return names.join(', ');
  return `${names.slice(0, namesShown).join(', ')} and ${names.length - namesShown} more`;
}

/** Each device by name, as far as there is room. */
function linesOf(action: Action, names: readonly string[], expiresAt: number): string[] {
  const room = 45;
  return [
    actionWords(action, countOf(names.length)),
    ...names.slice(0, room).map((name) => `Device: ${name}`),
    ...(names.length > room ? [`and ${names.length - room} more, all named in the text`] : []),
    `Devices take it until ${new Date(expiresAt).toISOString().replace(/\.\d+Z$/, 'Z')}`,
  ];
}
