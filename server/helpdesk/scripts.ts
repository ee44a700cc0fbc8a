import { createHash } from 'node:crypto';
import type { ScriptContent, ScriptView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { publicationLifeMs } from '../../shared/commands/command.ts';
import type { Roster } from '../../shared/commands/roster.ts';
import { isReservedName, type Publication } from '../../shared/commands/script.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { Bus } from '../bus.ts';
import type { Actor, EventLog, Scripts, StaffPerson } from '../services.ts';
import type { ApprovalRecord } from '../store/approvals.ts';
import type { ScriptRecord, ScriptStore } from '../store/scripts.ts';
import { iso } from '../store/views/rows.ts';
import type { ApprovalService, Follower } from './approvals.ts';

export interface ScriptParts {
  store: ScriptStore;
  approvals: () => Pick<ApprovalService, 'open' | 'end' | 'find'>;
  approvers: { inForce(): Promise<Roster | undefined> };
  audience: string;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
}

/** A week to sign in. */
const openMs = 7 * 86_400_000;

const interpreters: Record<ScriptContent['platform'], readonly ScriptContent['interpreter'][]> = {
  linux: ['sh', 'bash'],
  darwin: ['sh', 'bash', 'zsh'],
  win32: ['powershell'],
};

/** The district's library of scripts: drafts are anybody's who may write them, what devices run was signed by two approvers. */
export class ScriptService implements Scripts, Follower {
  readonly #parts: ScriptParts;

  constructor(parts: ScriptParts) {
    this.#parts = parts;
  }

  async list(): Promise<ScriptView[]> {
    return (await this.#parts.store.list()).map(viewOf);
  }

  async create(content: ScriptContent, actor: Actor): Promise<ScriptView> {
    const { store, clock, random } = this.#parts;
    demandSound(content);
    const id = random.uuid();
    await store.add(id, content, clock.now());
    await this.#tell('script-drafted', `Drafted the script ${content.name}.`, actor);
    return viewOf(await this.#found(id));
  }

  async save(
    id: string,
    { content, version }: { content: ScriptContent; version: number },
    actor: Actor,
  ): Promise<ScriptView> {
    demandSound(content);
    const script = await this.#found(id);
    await this.#demandNotAsked(script);
    if (!(await this.#parts.store.save(id, content, version))) throw new CodedError('changed-meanwhile');
    await this.#tell('script-drafted', `Changed the draft of the script ${content.name}.`, actor);
    return viewOf(await this.#found(id));
  }

  async publish(id: string, reason: string, by: StaffPerson): Promise<ScriptView> {
    const { store, approvals, approvers, clock } = this.#parts;
    const script = await this.#found(id);
    const content = script.draft ?? script.published?.content;
    if (!content) throw new CodedError('conflict', 'There is no draft to publish.');
    await this.#demandNotAsked(script);
    const roster = await approvers.inForce();
    if (!roster) throw new CodedError('conflict', 'Nobody can approve a script yet: name the approvers first.');
    const text = this.#textOf(script, content, roster);
    const approvalId = await approvals().open({
      ...{ kind: 'script', subjectId: id, text, reason, by, rosterVersion: roster.version },
      title: `Publish the script ${content.name}`,
      lines: linesOf(content),
      expiresAt: clock.now() + openMs,
    });
    await store.setApproval(id, approvalId);
    this.#parts.bus.publish('scripts-changed', {});
    return viewOf(await this.#found(id));
  }

  async withdraw(id: string, actor: Actor): Promise<void> {
    const { store, approvals, clock } = this.#parts;
    const script = await this.#found(id);
    await store.withdraw(id, clock.now());
    if (script.approvalId) await approvals().end(script.approvalId, 'withdrawn');
    await this.#tell('script-withdrawn', `Withdrew the script ${nameOf(script)}.`, actor);
  }

  async sourceOf(hash: string): Promise<string | undefined> {
    return await this.#parts.store.sourceOf(hash);
  }

  /** The draft that was signed is the one that is published, or nothing is. */
  async signed(approval: ApprovalRecord): Promise<void> {
    const { store, clock } = this.#parts;
    const script = await store.find(approval.subject_id);
    const content = script?.draft ?? script?.published?.content;
    const publication = JSON.parse(approval.text) as Publication;
    if (!script || !content || !isSigned(content, approval.text)) return;
    await store.publish(script.id, {
      ...{ number: publication.revision, content, hash: publication.hash, text: approval.text },
      approvals: approval.signatures.map(({ assertion }) => assertion),
      signedBy: approval.signatures.map(({ actor }) => actor),
      publishedAt: clock.now(),
    });
    await this.#tell(
      'script-published',
      `Published revision ${publication.revision} of the script ${content.name}.`,
      approval.by_actor,
    );
  }

  async over(approval: ApprovalRecord): Promise<void> {
    await this.#parts.store.setApproval(approval.subject_id, null);
    this.#parts.bus.publish('scripts-changed', {});
  }

  #textOf({ id, published }: ScriptRecord, { source, ...terms }: ScriptContent, { version }: Roster): string {
    const { audience, clock } = this.#parts;
    const issuedAt = clock.now();
    return canonicalJson({
      ...{ format: 1, kind: 'script', audience, scriptId: id, revision: (published?.number ?? 0) + 1 },
      ...{ hash: sha256(source), ...terms, roster: version, issuedAt, expiresAt: issuedAt + publicationLifeMs },
    } satisfies Publication);
  }

  /** What is being signed stays as it is until that is over. */
  async #demandNotAsked({ approvalId }: ScriptRecord): Promise<void> {
    const approval = approvalId ? await this.#parts.approvals().find(approvalId) : undefined;
    if (approval?.state === 'open')
      throw new CodedError('conflict', 'This script waits for signatures. Reject or take back that first.');
  }

  async #found(id: string): Promise<ScriptRecord> {
    const script = await this.#parts.store.find(id);
    if (!script) throw new CodedError('not-found', 'There is no such script.');
    return script;
  }

  async #tell(code: string, words: string, actor: Actor): Promise<void> {
    await this.#parts.events.add({ actor, code, words });
    this.#parts.bus.publish('scripts-changed', {});
  }
}

function sha256(source: string): string {
  return createHash('sha256').update(source, 'utf8').digest('hex');
}

/** Source and terms: a draft that was saved while its signatures were asked for is not what was signed. */
function isSigned({ source, ...terms }: ScriptContent, text: string): boolean {
  return canonicalJson({ ...(JSON.parse(text) as Publication), ...terms, hash: sha256(source) }) === text;
}

function nameOf({ draft, published }: ScriptRecord): string {
  return (draft ?? published?.content)?.name ?? 'without a name';
}

function demandSound({ platform, interpreter, parameters }: ScriptContent): void {
  if (!interpreters[platform].includes(interpreter))
    throw new CodedError(
      'bad-request',
      `There is no ${interpreter} on that system. Take ${interpreters[platform].join(' or ')}.`,
    );
  const names = parameters.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CodedError('bad-request', `The parameter ${twice} is there twice.`);
  const reserved = names.find(isReservedName);
  if (reserved !== undefined)
    throw new CodedError(
      'bad-request',
      `${reserved} means something to the system. Call the parameter something else.`,
    );
  const empty = parameters.find(({ kind, choices = [] }) => kind === 'choice' && choices.length === 0);
  if (empty) throw new CodedError('bad-request', `The parameter ${empty.name} has nothing to choose from.`);
}

const systems = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

function linesOf({
  name,
  platform,
  interpreter,
  parameters,
  timeoutSeconds,
  outputBytes,
  source,
}: ScriptContent): string[] {
  return [
    `${name}: runs with the rights of the system on ${systems[platform]}, by ${interpreter}`,
    `At most ${timeoutSeconds} s, and ${outputBytes} bytes of its output are kept`,
    ...parameters.map((parameter) => `Parameter ${parameter.name}: ${parameter.title || parameter.kind}`),
    `${source.split('\n').length} lines, SHA-256 ${sha256(source)}`,
  ];
}

function viewOf({ id, draft, version, approvalId, published }: ScriptRecord): ScriptView {
  const content = draft ?? published?.content;
  if (!content) throw new Error(`the script ${id} has neither draft nor revision`);
  return {
    ...{ id, content, version, approvalId, isDraft: draft !== null },
    published: published && {
      ...{ revision: published.number, hash: published.hash, at: iso(published.publishedAt) },
      signedBy: published.signedBy,
    },
  };
}
