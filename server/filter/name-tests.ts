import type { RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { DecisionView, NameTest } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { explainName, preparePolicy } from '../../shared/filter/decide.ts';
import type { Decision, LayerView } from '../../shared/filter/decision.ts';
import { inForceAt } from '../../shared/filter/in-force.ts';
import { normaliseName } from '../../shared/filter/name.ts';
import { type DecisionNames, decisionWords, layerTitles } from '../../shared/filter/words.ts';
import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { NameTests } from '../services.ts';
import type { OpenLists } from './open-lists.ts';

/** Whose policy a name is judged by, as it stands on the server now. */
export interface TestSubject {
  deviceId: string | null;
  person: { id: string; name: string } | null;
  /** Undefined: no web filter reaches them. */
  section: WebFilterSection | undefined;
}

export interface NameTestParts {
  subjects: {
    ofDevice(id: string): Promise<TestSubject | undefined>;
    ofPerson(id: string): Promise<TestSubject | undefined>;
  };
  lists: OpenLists;
  clock: Clock;
}

/** Judges a name with the very code the devices run, at any time and place. */
export class NameTestService implements NameTests {
  readonly #parts: NameTestParts;

  constructor(parts: NameTestParts) {
    this.#parts = parts;
  }

  async test(question: RequestBody<Routes['testName']>): Promise<NameTest> {
    const name = hostOf(question.name);
    const at = instantOf(question.at) ?? this.#parts.clock.now();
    const place = question.place ?? 'on-campus';
    const { section, deviceId, person } = await this.#subject(question);
    if (!section) throw new CodedError('not-found', 'No web filter reaches this person or device.');
    const categories = await this.#parts.lists.categories(section.lists);
    const policy = preparePolicy(section, categories, inForceAt(section, { now: at, place }));
    const chain = explainName(name, policy);
    const decision = chain.find(({ decides }) => decides)?.says;
    if (!decision) throw new Error('no layer decided');
    const names = namesFor(section);
    return {
      name,
      decision: viewOf(decision),
      words: decisionWords(decision, names),
      chain: chain.map((layer) => layerView(layer, names)),
      at: new Date(at).toISOString(),
      place,
      person,
      deviceId,
    };
  }

  async #subject({ personId, deviceId }: RequestBody<Routes['testName']>): Promise<TestSubject> {
    const { subjects } = this.#parts;
    if (deviceId === undefined && personId === undefined)
      throw new CodedError('bad-request', 'Say for which person or device the name is tested.');
    const found = deviceId === undefined ? await subjects.ofPerson(personId ?? '') : await subjects.ofDevice(deviceId);
    if (!found) throw new CodedError('not-found', 'There is no such person or device.');
    return found;
  }
}

/** A host name, or the host of a pasted web address. */
function hostOf(written: string): string {
  const bare = written.trim();
  const host = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare) && URL.canParse(bare) ? new URL(bare).hostname : bare;
  const name = normaliseName(host.replace(/[/?#].*$/, '').replace(/:\d+$/, ''));
  if (name !== undefined) return name;
  throw new CodedError('bad-request', `“${bare.slice(0, 100)}” is not the name of a host, such as www.example.com.`);
}

function instantOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const at = /(Z|[+-]\d\d:\d\d)$/.test(written) ? Date.parse(written) : Number.NaN;
  if (Number.isFinite(at) && at >= 0 && at < 4_102_444_800_000) return at;
  throw new CodedError('bad-request', `“${written}” is not a time: write 2026-11-22T08:00:00Z.`);
}

function namesFor({ lists, calendar }: WebFilterSection): DecisionNames {
  const titles = new Map(lists.map(({ category, title }) => [category, title]));
  const zone = calendar?.zone ?? 'UTC';
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' });
  return { category: (id) => titles.get(id) ?? id, time: (at) => time.format(at) };
}

function layerView({ layer, says, decides }: LayerView, names: DecisionNames): NameTest['chain'][number] {
  const words = says ? decisionWords(says, names) : 'Has nothing to say about this name.';
  return { layer, title: layerTitles[layer], says: says ? viewOf(says) : null, decides, words };
}

function viewOf({ action, layer, category, rule, assignment, until, target }: Decision): DecisionView {
  return {
    action,
    layer,
    category: category ?? null,
    rule: rule ?? null,
    assignment: assignment ?? null,
    until: until === undefined || !Number.isFinite(until) ? null : new Date(until).toISOString(),
    target: target ?? null,
  };
}
