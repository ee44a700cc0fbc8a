import type { PolicyPreview, VerdictCounts } from '../../../../../shared/api/schemas.ts';
import { verdictStates } from '../../../../../shared/compliance/verdict.ts';
import { Verdict } from '../../components/verdict.tsx';
import classes from './preview-counts.module.css';

type Sides = Record<'before' | 'after', VerdictCounts>;

/** People and devices by verdict, before and after; verdicts that nobody has on either side are left out. */
export function PreviewCounts({
  preview: { people, devices },
}: {
  preview: Pick<PolicyPreview, 'people' | 'devices'>;
}) {
  const shown = verdictStates.filter((state) =>
    [people, devices].some(({ before, after }) => before[state] + after[state] > 0),
  );
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label="Verdicts before and after">
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">People</th>
            <th scope="col">Devices</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((state) => (
            <tr key={state}>
              <th scope="row">
                <Verdict state={state} />
              </th>
              <Change sides={people} state={state} />
              <Change sides={devices} state={state} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Change({ sides: { before, after }, state }: { sides: Sides; state: keyof VerdictCounts }) {
  const [from, to] = [before[state], after[state]];
  if (from === to) return <td>{from.toLocaleString('en')}</td>;
  return (
    <td>
      {from.toLocaleString('en')} → {to.toLocaleString('en')}
      <b>{to > from ? `+${(to - from).toLocaleString('en')}` : `−${(from - to).toLocaleString('en')}`}</b>
    </td>
  );
}
