import type { DeviceHistory, PersonHistory } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { ComplianceHistoriesView, Span, StoredCheck, StoredCustody } from '../store/views/compliance-histories.ts';
import { iso, isoOrNull } from '../store/views/rows.ts';
import { type Fixes, fixesIn, measuresOf, sumOfFixes, timeInStates } from './measures.ts';
import { checkView, heldIn, marksOf, policyMarks, verdictView, within } from './timelines.ts';

/** More is no page for a person; the answer says so. */
const most = 5_000;

/** What one device or one person went through over a span. */
export class SubjectHistories {
  readonly #view: ComplianceHistoriesView;

  constructor(view: ComplianceHistoriesView) {
    this.#view = view;
  }

  /** `counting`: checks whose failures the measures count. */
  async ofDevice(id: string, span: Span, counting: readonly string[]): Promise<DeviceHistory> {
    const name = await this.#nameOf('device', id, 'There is no such device here.');
    const verdicts = bounded(await this.#view.verdicts('device', id, span, most + 1));
    const checks = bounded(await this.#view.checks(id, span, most + 1));
    const custody = await this.#view.custody('device', id, span);
    const marks = [...(await this.#view.marks('device', id, span, most)), ...(await this.#policyMarks(span))];
    for (const held of custody)
      marks.push(...(await this.#view.marks('person', held.personId, heldIn(held, span), most)));
    return {
      device: { id, name },
      measures: measuresOf(span, timeInStates(verdicts, span), fixesIn(counted(checks, counting), span)),
      verdicts: verdicts.map(verdictView),
      checks: checks.map(checkView),
      custody: custody.map(({ personId, personName, from, to }) => ({
        person: { id: personId, name: personName },
        from: iso(from),
        to: isoOrNull(to),
      })),
      marks: marksOf(marks),
    };
  }

  async ofPerson(id: string, span: Span, counting: readonly string[]): Promise<PersonHistory> {
    const name = await this.#nameOf('person', id, 'There is no such person here.');
    const verdicts = bounded(await this.#view.verdicts('person', id, span, most + 1));
    const marks = [...(await this.#view.marks('person', id, span, most)), ...(await this.#policyMarks(span))];
    const devices: PersonHistory['devices'] = [];
    const fixes: Fixes[] = [];
    for (const custody of await this.#view.custody('person', id, span)) {
      const held = await this.#whileHeld(custody, span);
      devices.push(held.view);
      fixes.push(fixesIn(counted(held.checks, counting), span));
      marks.push(...(await this.#view.marks('device', custody.deviceId, heldIn(custody, span), most)));
    }
    return {
      person: { id, name },
      measures: measuresOf(span, timeInStates(verdicts, span), sumOfFixes(fixes)),
      verdicts: verdicts.map(verdictView),
      devices,
      marks: marksOf(marks),
    };
  }

  async #whileHeld(
    custody: StoredCustody,
    span: Span,
  ): Promise<{ view: PersonHistory['devices'][number]; checks: StoredCheck[] }> {
    const { deviceId, deviceName, from, to } = custody;
    const held = heldIn(custody, span);
    const verdicts = within(bounded(await this.#view.verdicts('device', deviceId, held, most + 1)), custody);
    const checks = within(bounded(await this.#view.checks(deviceId, held, most + 1)), custody);
    const view = {
      device: { id: deviceId, name: deviceName },
      from: iso(from),
      to: isoOrNull(to),
      verdicts: verdicts.map(verdictView),
      checks: checks.map(checkView),
    };
    return { view, checks };
  }

  async #policyMarks(span: Span) {
    return policyMarks(await this.#view.policyRevisions(span));
  }

  async #nameOf(kind: 'device' | 'person', id: string, missing: string): Promise<string> {
    const name = await this.#view.nameOf(kind, id);
    if (name === undefined) throw new CodedError('not-found', missing);
    return name;
  }
}

function bounded<T>(rows: T[]): T[] {
  if (rows.length > most)
    throw new CodedError('too-large', `More than ${most} intervals lie in this span. Choose a shorter one.`);
  return rows;
}

function counted(checks: readonly StoredCheck[], counting: readonly string[]): StoredCheck[] {
  return checks.filter(({ check }) => counting.includes(check));
}
