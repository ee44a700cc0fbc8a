import { checkRows, checkTitle } from '../../server/compliance/policy.ts';
import type { WaiverView } from '../../shared/api/schemas.ts';
import { compliancePolicyDefaults } from '../../shared/compliance/policy.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago, people } from './console-district.ts';

const day = 86_400_000;

const waiver = (id: string, given: Partial<WaiverView>): WaiverView => ({
  id,
  check: 'disk-encrypted',
  checkTitle: 'Disk encryption',
  target: { kind: 'device', id: 'dev3' },
  targetName: 'lap-1003',
  reason: 'The encryption chip is on order with the maker.',
  by: 'staff:Ada Byrne',
  from: ago(3 * day),
  until: ago(-60 * day),
  endedAt: null,
  inForce: true,
  ...given,
});

type ComplianceRoutes = 'readCompliancePolicy' | 'saveCompliancePolicy' | 'listWaivers' | 'createWaiver' | 'endWaiver';

/** The compliance policy and the waivers of the console's stand-in; what is saved is read again. */
export function complianceAnswers(): Pick<Answers, ComplianceRoutes> {
  let saved = { policy: compliancePolicyDefaults, version: 1 };
  const waivers = [
    waiver('w1', {}),
    waiver('w2', {
      check: null,
      checkTitle: 'Every check',
      target: { kind: 'person', id: 'p4' },
      targetName: people[4]?.name ?? 'p4',
      reason: 'Works abroad this term; the laptop comes back in June.',
    }),
    waiver('w3', { inForce: false, endedAt: ago(day), from: ago(20 * day) }),
  ];
  const read = () => ({ ...saved, checks: [...checkRows] });
  return {
    readCompliancePolicy: read,
    saveCompliancePolicy: ({ body }) => {
      saved = { policy: body.policy, version: body.version + 1 };
      return read();
    },
    listWaivers: ({ query }) => {
      const items = waivers.filter(({ inForce }) => query.inForce === undefined || inForce === query.inForce);
      return { items, total: items.length, nextCursor: null };
    },
    createWaiver: ({ body }) => {
      const made = waiver(`w${waivers.length + 1}`, {
        ...body,
        checkTitle: checkTitle(body.check) ?? '',
        targetName: people.find(({ id }) => id === body.target.id)?.name ?? body.target.id,
        from: ago(0),
      });
      waivers.unshift(made);
      return made;
    },
    endWaiver: ({ params }) => {
      const found = waivers.find(({ id }) => id === params.id);
      if (!found) throw new CodedError('not-found');
      Object.assign(found, { inForce: false, endedAt: ago(0) });
      return found;
    },
  };
}
