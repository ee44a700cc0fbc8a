import { Button } from '@mantine/core';
import { useState } from 'react';
import type { RowProblem } from '../../../../shared/api/schemas.ts';
import classes from './problem-table.module.css';
import { Tag } from './tag.tsx';

const few = 50;

/** Problems of an uploaded file with their place; errors first. */
export function ProblemTable({ problems }: { problems: readonly RowProblem[] }) {
  const [all, setAll] = useState(false);
  const sorted = problems.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Place</th>
            <th scope="col">Problem</th>
          </tr>
        </thead>
        <tbody>
          {(all ? sorted : sorted.slice(0, few)).map((problem) => (
            <tr key={`${problem.file} ${problem.row} ${problem.column} ${problem.words}`}>
              <td>
                <Tag tone={problem.severity === 'error' ? 'bad' : 'warn'}>{problem.severity}</Tag>
              </td>
              <td>{placeOf(problem)}</td>
              <td>{problem.words}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {problems.length > few && !all ? (
        <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
          Show all {problems.length.toLocaleString('en')}
        </Button>
      ) : null}
    </div>
  );
}

function placeOf({ file, row, column }: RowProblem): string {
  return [file, row === null ? null : `row ${row}`, column === null ? null : `column ${column}`]
    .filter(Boolean)
    .join(', ');
}
