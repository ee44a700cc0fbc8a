import type { Clock, Random } from '../../shared/clock.ts';
import type { Evidence, UnblockRequestRecord } from '../../shared/protocol/messages.ts';
import type { PageAddress } from '../config.ts';
import type { Companion, FilterView } from '../filter/view.ts';
import type { FreshLook } from '../fresh-look.ts';
import type { Log } from '../log.ts';
import type { RecentBlock } from '../records/recent-blocks.ts';
import type { HelpBook } from '../store/help-book.ts';
import type { Looks } from './look-banner.ts';
import type { OwnView } from './own-view.ts';
import type { Asked } from './request-head.ts';
import type { PageServer } from './server.ts';

export interface DevicePagesOptions {
  page: PageAddress;
  /** The file that keeps requests which wait for a decision. */
  requestsPath: string;
  recent: () => readonly RecentBlock[];
  own: () => OwnView;
  /** Looks of the helpdesk at this device. */
  looks: Looks;
  help: HelpBook;
  /** For the button that asks the device to look at itself again. */
  fresh: FreshLook;
  emit: (record: UnblockRequestRecord) => void;
  clock: Clock;
  random: Random;
  log: Log;
}

/**
 * The device's own pages: how the device stands with its district, why a site is blocked, what is filtered and recorded
 * here, requests to open a site. When their port cannot be had the agent goes on, and the evidence of its filter says so.
 */
export class DevicePages implements Companion {
  readonly #options: DevicePagesOptions;
  #view: FilterView | undefined;
  #server: PageServer | undefined;
  #starting: Promise<void> | undefined;
  #port: number | undefined;
  #problem = 'not started';

  constructor(options: DevicePagesOptions) {
    this.#options = options;
  }

  /** Where they answer; undefined while they do not. */
  get address(): PageAddress | undefined {
    return this.#port === undefined ? undefined : { address: this.#options.page.address, port: this.#port };
  }

  /** Of the filter in force. */
  get section(): FilterView['section'] {
    return this.#view?.section;
  }

  async begin(view: FilterView): Promise<void> {
    this.#view = view;
    await this.start();
  }

  async end(): Promise<void> {
    this.#view = undefined;
  }

  /** Also tries again what failed before. */
  async start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
  }

  async #start(): Promise<void> {
    if (this.#server) return;
    const server = await this.#load();
    try {
      this.#port = await server.start();
      this.#server = server;
    } catch (error) {
      this.#problem = problemOf(error as NodeJS.ErrnoException, this.#options.page);
      this.#options.log.warn({ problem: this.#problem }, 'The own pages of this device could not be opened.');
    }
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#port = undefined;
    this.#problem = 'not started';
    await server?.stop();
  }

  /** Asked afresh, over HTTP. Without them a filter is whole, unless its policy sends people here. */
  async evidence(): Promise<Evidence[]> {
    const { address, port } = this.address ?? this.#options.page;
    const problem = this.#server ? await (await import('./ask-page.ts')).askOwnPage(address, port) : this.#problem;
    const isNeeded = this.#view?.section?.settings.blockAnswer === 'page';
    return [
      {
        item: 'own pages of the device',
        expected: isNeeded ? 'answering' : 'answering, if the port can be had',
        // A port that is free by chance is not said, or every start would be reported anew.
        seen: problem ?? `answering on ${address}${this.#options.page.port === 0 ? '' : ` port ${port}`}`,
        ok: problem === undefined || !isNeeded,
      },
    ];
  }

  /** What draws the pages when the first is asked for. */
  async #load(): Promise<PageServer> {
    const [{ PageServer }, { alivePath }, { empty }] = await Promise.all([
      import('./server.ts'),
      import('./ask-page.ts'),
      import('./answer.ts'),
    ]);
    const { page, log } = this.#options;
    const open = once(() => this.#open());
    const answer = async (asked: Asked, body: string) =>
      asked.path === alivePath ? empty(200) : (await open())(asked, body);
    return new PageServer({ ...page, log, answer });
  }

  async #open() {
    const [{ answerTo }, { RequestBook }, { FormTokens }] = await Promise.all([
      import('./routes.ts'),
      import('./request-book.ts'),
      import('./form-tokens.ts'),
    ]);
    const { requestsPath: path, recent, own, fresh, looks, help, emit, clock, random, log } = this.#options;
    const sources = { view: () => this.#view, recent, own, fresh, looks, help, now: () => clock.now() };
    const book = new RequestBook({ path, clock, random, emit, log });
    const tokens = new FormTokens(random.bytes(32));
    return (asked: Asked, body: string) => answerTo(asked, body, { sources, book, tokens, port: this.#port ?? 80 });
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function problemOf({ code, message }: NodeJS.ErrnoException, { address, port }: PageAddress): string {
  if (code === 'EADDRINUSE') return `not open: port ${port} of ${address} is used by another program`;
  return `not open: port ${port} of ${address} cannot be had (${code ?? message})`;
}
