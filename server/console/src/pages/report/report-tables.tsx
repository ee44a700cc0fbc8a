import { VisuallyHidden } from '@mantine/core';
import type { FilterReport } from '../../../../../shared/api/schemas.ts';
import { Panel } from '../../components/panel.tsx';
import classes from './report-tables.module.css';

/** Categories down, schools across. */
export function CategoryTable({ report: { categories, schools, threshold } }: { report: FilterReport }) {
  return (
    <Panel title="By category and school">
      <div className={classes.frame}>
        <table className={classes.table} aria-label="Blocked names by category and school">
          <thead>
            <tr>
              <th scope="col">Category</th>
              {schools.map(({ id, name }) => (
                <th key={id ?? name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">All</th>
            </tr>
          </thead>
          <tbody>
            {categories.map(({ category, title, total, bySchool }) => (
              <tr key={category}>
                <th scope="row">{title}</th>
                {schools.map(({ id, name }, place) => (
                  <td key={id ?? name}>
                    <Cell value={bySchool[place] ?? null} threshold={threshold} />
                  </td>
                ))}
                <td>
                  <b>
                    <Cell value={total} threshold={threshold} />
                  </b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** How much each school asked, and how much of it was blocked. */
export function SchoolTable({ report: { schools, threshold } }: { report: FilterReport }) {
  return (
    <Panel title="By school">
      <div className={classes.frame}>
        <table className={classes.table} aria-label="Names asked and blocked by school">
          <thead>
            <tr>
              <th scope="col">School</th>
              <th scope="col">Asked</th>
              <th scope="col">Blocked</th>
            </tr>
          </thead>
          <tbody>
            {schools.map(({ id, name, asked, blocked }) => (
              <tr key={id ?? name}>
                <th scope="row">{name}</th>
                <td>
                  <Cell value={asked} threshold={threshold} />
                </td>
                <td>
                  <Cell value={blocked} threshold={threshold} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Cell({ value, threshold }: { value: number | null; threshold: number }) {
  if (value !== null) return value.toLocaleString('en');
  return (
    <span title={`Fewer than ${threshold} people`}>
      <span aria-hidden="true">–</span>
      <VisuallyHidden>not shown</VisuallyHidden>
    </span>
  );
}
