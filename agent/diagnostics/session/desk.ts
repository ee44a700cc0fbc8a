import type { Clock } from '../../../shared/clock.ts';
import type { Examination } from '../../../shared/diagnostics/probe.ts';
import type { Place } from '../../../shared/filter/place.ts';
import { plainText } from '../../../shared/plain-text.ts';
import type { Body } from '../../../shared/protocol/messages.ts';
import type { Log } from '../../log.ts';
import {
  answerWithinMs,
  type Consent,
  consentAfter,
  consentFor,
  type Holder,
  type Hour,
  longestLookMs,
} from './consent.ts';
import type { PastLook, PastLooks } from './past-looks.ts';
import { type Line, type OpenStream, Streams } from './streams.ts';

/** One file of a support bundle: what the person reads is what is sent. */
export interface BundleFile {
  name: string;
  text: string;
}

/** What the desktop is to say. */
export type LookNotice = { kind: 'told' | 'asked' | 'bundle'; by: string; ticket: number; reason: string };

export interface DeskParts {
  looks: PastLooks;
  /** Where and when this is, by what the device itself believes. */
  moment: () => Promise<{ place: Place; hour: Hour }>;
  /** Where the person reads of it, answers and stops it; undefined: nowhere. */
  page: () => string | undefined;
  /** Shows a message on the desktop; false when nobody could be shown one. */
  notify: (notice: LookNotice) => Promise<boolean>;
  openStream: OpenStream;
  examine: (signal: AbortSignal) => Promise<Examination>;
  /** Redacted. */
  bundle: (examination: Examination | undefined, signal: AbortSignal) => Promise<BundleFile[]>;
  zip: (files: readonly BundleFile[]) => Promise<Buffer>;
  clock: Clock;
  log: Log;
}

/** The look there is now, as the person sees it. */
export interface LookNow {
  id: string;
  state: 'asking' | 'running';
  by: string;
  ticket: number;
  reason: string;
  /** By the device's own clock. */
  until: number;
  /** When it is refused by itself. */
  answerUntil?: number;
  /** What the person is asked to send. */
  bundle?: readonly BundleFile[];
}

interface Look {
  line: Line;
  kept: PastLook;
  state: 'asking' | 'running';
  /** By the monotonic clock. */
  endsAt: number;
  answerBy: number;
  cancels: (() => void)[];
  /** Ends whatever works for it. */
  work: AbortController;
  streams: Streams;
  shown: string[];
  isExamining: boolean;
  examination: Examination | undefined;
  bundle: 'none' | 'making' | readonly BundleFile[];
}

/** A person is not asked all day long, and an hour is not made of many hours. */
const mostPerHour = 12;

/** How a look ended, in words for both sides. */
const words = {
  told: 'The person is told on the device.',
  asked: 'The person is asked on the device.',
  allowed: 'The person allowed it.',
  refused: 'The person refused.',
  unanswered: 'The person did not answer within two minutes.',
  stopped: 'The person stopped it on the device.',
  over: 'Its time was over.',
  disconnected: 'The connection to the server ended.',
  again: 'A look with this name was over before; another one needs a name of its own.',
  second: 'Somebody looks at this device already.',
  noPage: 'This device has no page where its person could read of it and stop it.',
  tooOften: 'This device was looked at, or asked, often enough in the last hour.',
  leftAlone: 'The person said no, or did not answer, twice in the last hour.',
  notKept: 'This device could not write down that somebody looks at it. Its disk may be full.',
} as const;

/**
 * A look at this device, from its opening to its end: there is one at a time, it begins only as `consentFor` says, the
 * person reads who looks and why and can stop it, and nothing of it outlives the connection, an hour, or this process.
 */
export class DiagnosisDesk {
  readonly #parts: DeskParts;
  #look: Look | undefined;
  /** Those that are being judged. */
  readonly #judged = new Set<string>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  get now(): LookNow | undefined {
    const look = this.#look;
    if (!look) return undefined;
    const { clock } = this.#parts;
    const at = (monotonic: number) => clock.now() + Math.max(0, monotonic - clock.monotonic());
    const { id, by, ticket, reason } = look.kept;
    return {
      ...{ id, by, ticket, reason, state: look.state, until: at(look.endsAt) },
      ...(look.state === 'asking' && { answerUntil: at(look.answerBy) }),
      ...(typeof look.bundle === 'object' && { bundle: look.bundle }),
    };
  }

  /** The newest first. */
  get past(): readonly PastLook[] {
    return this.#parts.looks.all.toReversed();
  }

  /** How many streams run. */
  get streamCount(): number {
    return this.#look?.streams.count ?? 0;
  }

  /** Rejects only for a bug or a broken calendar: then nothing was begun. */
  async open(order: Body<'diagnosis-open'>, line: Line): Promise<void> {
    const { page } = this.#parts;
    this.#judged.add(order.id);
    const { place, hour } = await this.#parts.moment();
    // It was closed meanwhile, or the connection ended.
    if (!this.#judged.delete(order.id)) return;
    const address = page();
    const consent = consentAfter(consentFor(this.#holderOf(order), place, hour), this.#parts.looks.all, this.#now);
    const refusal = this.#refusalOf(order.id) ?? (consent === 'refused' ? words.leftAlone : undefined);
    if (this.#look?.kept.id === order.id) this.#tell(this.#look, this.#look.state);
    else if (consent === 'refused' || refusal !== undefined || address === undefined)
      this.#refuse(order.id, line, refusal ?? words.noPage);
    else this.#consider(order, line, address, consent);
  }

  get #now(): number {
    return this.#parts.clock.now();
  }

  /** By what is on disk: an agent that is restarted forgets nothing. */
  #refusalOf(id: string): string | undefined {
    const { looks } = this.#parts;
    if (looks.find(id)) return words.again;
    if (this.#look) return words.second;
    const lately = looks.all.filter(({ at }) => Math.abs(this.#now - at) < 3_600_000);
    return lately.length >= mostPerHour ? words.tooOften : undefined;
  }

  #consider(order: Body<'diagnosis-open'>, line: Line, address: string, consent: Consent): void {
    const { looks, clock } = this.#parts;
    const kept = keptOf(order, this.#holderOf(order), clock.now());
    const began = consent === 'told' ? { beganAt: clock.now() } : {};
    if (!looks.keep({ ...kept, ...began })) this.#refuse(order.id, line, words.notKept);
    else this.#begin(line, { ...kept, ...began }, order.seconds, consent === 'told' ? 'running' : 'asking', address);
  }

  /** The person's answer, on the device's own page. False when it is not asked any more. */
  answer(id: string, isAllowed: boolean): boolean {
    const look = this.#look;
    if (look?.kept.id !== id || look.state !== 'asking') return false;
    if (!isAllowed) {
      this.#end(look, 'refused', words.refused);
      return true;
    }
    look.state = 'running';
    look.kept = { ...look.kept, beganAt: this.#parts.clock.now() };
    if (this.#parts.looks.keep(look.kept)) this.#tell(look, 'running', words.allowed);
    else this.#end(look, 'refused', words.notKept);
    return true;
  }

  /** The person ends it. */
  stop(id: string): boolean {
    const look = this.#look;
    if (look?.kept.id !== id) return false;
    look.kept = { ...look.kept, wasStopped: true };
    this.#end(look, look.state === 'asking' ? 'refused' : 'ended', words.stopped);
    return true;
  }

  /** The server ends it. */
  close({ id, reason }: Body<'diagnosis-close'>): void {
    this.#judged.delete(id);
    if (this.#look?.kept.id === id) this.#end(this.#look, 'ended', plainText(reason, words.over));
  }

  /** The connection ended, or the agent stops. */
  disconnected(): void {
    this.#judged.clear();
    if (this.#look) this.#end(this.#look, 'ended', words.disconnected);
  }

  openStream(request: Body<'stream-open'>, line: Line): void {
    const look = this.#running(request.diagnosis);
    if (look) void look.streams.open(request, line);
    else line.send('stream-close', { stream: request.stream, reason: 'no diagnosis is running on this device' });
  }

  closeStream(stream: string): void {
    this.#look?.streams.close(stream);
  }

  /** Never rejects. */
  async examine({ id }: Body<'examine'>, line: Line): Promise<void> {
    const look = this.#running(id);
    if (!look || look.isExamining) {
      line.send('examination', { id, words: look ? 'This is under way already.' : 'No diagnosis is running.' });
      return;
    }
    look.isExamining = true;
    try {
      look.examination = await this.#parts.examine(look.work.signal);
      if (this.#look === look) look.line.send('examination', { id, examination: look.examination });
    } catch (error) {
      if (this.#look !== look) return;
      this.#parts.log.error({ err: error }, 'The device could not be examined.');
      look.line.send('examination', { id, words: 'The device could not examine itself.' });
    } finally {
      look.isExamining = false;
    }
  }

  /** Puts the bundle before the person; it leaves with their word alone. Never rejects. */
  async askBundle({ id }: Body<'bundle-ask'>, line: Line): Promise<void> {
    const look = this.#running(id);
    if (look?.bundle !== 'none') {
      if (!look) line.send('bundle', { id, state: 'refused' });
      return;
    }
    look.bundle = 'making';
    try {
      const files = await this.#parts.bundle(look.examination, look.work.signal);
      if (this.#look !== look) return;
      look.bundle = files;
      line.send('bundle', { id, state: 'preview' });
      await this.#notify(look, 'bundle');
    } catch (error) {
      if (this.#look !== look) return;
      look.bundle = 'none';
      this.#parts.log.error({ err: error }, 'A support bundle could not be made.');
      line.send('bundle', { id, state: 'refused' });
    }
  }

  /** The person's word about the bundle they read. False when nothing waits for it. */
  async sendBundle(id: string, isAllowed: boolean): Promise<boolean> {
    const look = this.#running(id);
    if (!look || typeof look.bundle !== 'object') return false;
    const files = look.bundle;
    look.bundle = 'none';
    if (!isAllowed) return look.line.send('bundle', { id, state: 'refused' });
    const zip = await this.#parts.zip(files);
    if (this.#look !== look) return false;
    look.kept = { ...look.kept, bundles: look.kept.bundles + 1 };
    // What cannot be written down does not leave.
    if (!this.#parts.looks.keep(look.kept)) return look.line.send('bundle', { id, state: 'refused' });
    return look.line.send('bundle', { id, state: 'ready', zip: zip.toString('base64') });
  }

  #begin(line: Line, kept: PastLook, seconds: number, state: Look['state'], address: string): void {
    const { clock, openStream, log } = this.#parts;
    const lastsMs = Math.min(seconds * 1_000, longestLookMs);
    const look: Look = {
      ...{ line, kept, state, work: new AbortController(), streams: new Streams(openStream, log) },
      ...{ endsAt: clock.monotonic() + lastsMs, answerBy: clock.monotonic() + answerWithinMs, cancels: [] },
      shown: [`The page of this device says so on top: ${address}`],
      ...{ isExamining: false, examination: undefined, bundle: 'none' },
    };
    this.#look = look;
    look.cancels.push(clock.after(lastsMs, () => this.#end(look, 'ended', words.over)));
    if (state === 'asking') look.cancels.push(clock.after(answerWithinMs, () => this.#unanswered(look)));
    this.#tell(look, state);
    void this.#notify(look, state === 'asking' ? 'asked' : 'told');
  }

  /** What the server says of the holder only ever makes it stricter. */
  #holderOf({ role }: Body<'diagnosis-open'>): Holder {
    return role === 'student' && this.#parts.looks.wasStaffs ? 'staff' : (role ?? 'unknown');
  }

  #running(id: string | undefined): Look | undefined {
    const look = this.#look;
    const isIt = look !== undefined && look.kept.id === id && look.state === 'running';
    return isIt && this.#parts.clock.monotonic() < look.endsAt ? look : undefined;
  }

  #unanswered(look: Look): void {
    if (look.state === 'asking') this.#end(look, 'refused', words.unanswered);
  }

  #refuse(id: string, line: Line, why: string): void {
    this.#parts.log.info({ why }, 'A look at this device was refused.');
    line.send('diagnosis-state', { id, state: 'refused', words: why, shown: [] });
  }

  #end(look: Look, state: 'refused' | 'ended', why: string): void {
    if (this.#look !== look) return;
    this.#look = undefined;
    for (const cancel of look.cancels) cancel();
    look.streams.closeAll();
    look.work.abort(new Error('The look is over.'));
    const { looks, clock, log } = this.#parts;
    looks.keep({ ...look.kept, state, words: why.slice(0, 300), endedAt: clock.now() });
    log.info({ why }, 'A look at this device is over.');
    look.line.send('diagnosis-state', { id: look.kept.id, state, words: why.slice(0, 300), shown: look.shown });
  }

  #tell(look: Look, state: Look['state'], why?: string): void {
    const said = why ?? (state === 'asking' ? words.asked : words.told);
    look.line.send('diagnosis-state', { id: look.kept.id, state, words: said, shown: look.shown });
  }

  /** The page says it whether or not the desktop does. */
  async #notify(look: Look, kind: LookNotice['kind']): Promise<void> {
    const { by, ticket, reason } = look.kept;
    try {
      const wasShown = await this.#parts.notify({ kind, by, ticket, reason });
      if (this.#look !== look || kind === 'bundle') return;
      look.shown.push(
        wasShown ? 'A message was shown on the desktop.' : 'Nobody could be shown a message on the desktop.',
      );
      this.#tell(look, look.state);
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'A message of a look could not be shown on the desktop.');
    }
  }
}

function keptOf(order: Body<'diagnosis-open'>, holder: Holder, at: number): PastLook {
  const { id, ticket } = order;
  const [by, reason] = [plainText(order.by, 'somebody'), plainText(order.reason, '')];
  return { id, at, by, ticket, reason, holder, state: 'open', words: '', bundles: 0 };
}
