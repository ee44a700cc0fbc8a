import type { Logger } from 'pino';
import type { Clock } from '../../shared/clock.ts';
import { plainText, plainTexts } from '../../shared/plain-text.ts';
import { type Body, closeCodes, type Message, type ReportRecord } from '../../shared/protocol/messages.ts';
import { TryLimiter } from '../access/limiter.ts';
import type { RareEvents } from '../devices/rare-events.ts';
import type { DiagnosisAnswer } from '../services.ts';
import type { AgentSession } from './agent-session.ts';
import { Budgets } from './budget.ts';
import type { DesiredFeed } from './desired-feed.ts';
import type { LiveViews } from './live-views.ts';
import { plainRecord } from './plain-record.ts';
import type { ReportCommitter } from './report-committer.ts';

export interface HandlerParts {
  feed: DesiredFeed;
  views: LiveViews;
  committer: ReportCommitter;
  offences: RareEvents;
  /** What the device says of a look at it. */
  heard: (deviceId: string, answer: DiagnosisAnswer) => Promise<void>;
  /** The agent is older than the frame with this id. */
  notUnderstood: (deviceId: string, about: string) => void;
  greet: (session: AgentSession, hello: Body<'hello'>) => Promise<void>;
  clock: Clock;
  log: Pick<Logger, 'warn'>;
}

/** Records that add a row each time, unlike those that replace one: a broken device must not fill the disk with them. */
const rows = { burst: 2_000, perSecond: 0.2 };

/** Names and categories a device recorded: 300 and some dozens each quarter of an hour are the most an honest one sends. */
const activityRows = { burst: 10_000, perSecond: 0.5 };

/** A device may send errors all day; the log hears of them once a minute. */
const errorLogEveryMs = 60_000;

/** What each message of an agent does. The device is always the session's, whatever the message says. */
export class MessageHandlers {
  readonly #parts: HandlerParts;
  readonly #rows: Budgets;
  readonly #activity: Budgets;
  readonly #errors: TryLimiter;

  constructor(parts: HandlerParts) {
    this.#parts = parts;
    this.#rows = new Budgets(parts.clock, rows);
    this.#activity = new Budgets(parts.clock, activityRows);
    this.#errors = new TryLimiter(parts.clock, 1, errorLogEveryMs);
  }

  /** `bytes`: what it came as. */
  async handle(session: AgentSession, message: Message, bytes: number): Promise<void> {
    const { views, feed, greet } = this.#parts;
    switch (message.type) {
      case 'hello':
        return await greet(session, message.body);
      case 'want':
        return await feed.sections(session, message.body.hashes, message.id);
      case 'report':
        return await this.#report(session, message.body, bytes);
      case 'stream-chunk':
        return views.sample(session.deviceId, message.body.stream, plainTexts(message.body.sample));
      case 'stream-close':
        return views.endStream(
          session.deviceId,
          message.body.stream,
          plainText(message.body.reason, 'The device ended the view.'),
        );
      case 'diagnosis-state':
      case 'examination':
      case 'bundle':
        return await this.#parts.heard(session.deviceId, plainTexts(message));
      case 'error':
        return this.#heardError(session, message.body);
      default:
        throw new TypeError(`${message.type} does not come from an agent`);
    }
  }

  /** Acknowledged only when it is on disk, or was before. */
  async #report(session: AgentSession, { epoch, sequence, records }: Body<'report'>, bytes: number): Promise<void> {
    const { deviceId } = session;
    const kept = await this.#withinBudget(deviceId, records);
    const outcome = await this.#parts.committer.commit({ deviceId, epoch, sequence, records: kept }, bytes);
    if (outcome.kind === 'refused') return session.close(closeCodes.revoked, 'device-revoked');
    session.send('ack', { epoch, sequence });
    if (outcome.kind === 'committed' && outcome.missing > 0)
      await this.#tell(
        deviceId,
        'reports-missing',
        `${outcome.missing} batches of reports of this device are missing.`,
      );
    if (outcome.kind === 'committed' && outcome.isRestless)
      await this.#tell(
        deviceId,
        'changes-dropped',
        'What this device says of itself changes more often than with any healthy one; not every change is kept.',
      );
  }

  async #withinBudget(deviceId: string, records: readonly ReportRecord[]): Promise<ReportRecord[]> {
    const kept: ReportRecord[] = [];
    for (const record of records) {
      const added = rowsAddedBy(record);
      if (added === 0 || this.#budgetOf(record).take(deviceId, added)) kept.push(plainRecord(record));
    }
    if (kept.length < records.length)
      await this.#tell(
        deviceId,
        'events-dropped',
        'This device sends more events than any healthy one; some were dropped.',
      );
    return kept;
  }

  #budgetOf(record: ReportRecord): Budgets {
    return record.kind === 'activity' ? this.#activity : this.#rows;
  }

  /** A view that the agent cannot give ends; other errors are for the log: the agent goes on. */
  #heardError({ deviceId }: AgentSession, { code, message, about }: Body<'error'>): void {
    if (about !== undefined) this.#parts.views.endStream(deviceId, about, plainText(message, code));
    if (about !== undefined && code === 'unknown-type') this.#parts.notUnderstood(deviceId, about);
    if (this.#errors.take(deviceId))
      this.#parts.log.warn({ deviceId, code, about }, 'the agent answered with an error');
  }

  async #tell(deviceId: string, code: string, words: string): Promise<void> {
    await this.#parts.offences.add(`${code} ${deviceId}`, {
      actor: 'server',
      code,
      words,
      subject: { kind: 'device', id: deviceId },
    });
  }
}

function rowsAddedBy(record: ReportRecord): number {
  if (record.kind === 'activity') return 1 + record.names.length + record.categories.length;
  const adding: readonly ReportRecord['kind'][] = ['event', 'unblock-request', 'help-request', 'command-result'];
  return adding.includes(record.kind) || (record.kind === 'finding' && record.open) ? 1 : 0;
}
