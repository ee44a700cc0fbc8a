import { Text } from '@mantine/core';
import type { ImportResult } from '../../../../../shared/api/schemas.ts';
import classes from './import-changes.module.css';

const kindWords: Record<string, string> = {
  orgs: 'Schools and units',
  people: 'People',
  users: 'People',
  classes: 'Classes',
  enrollments: 'Class memberships',
  academicSessions: 'Terms',
};

export function ImportChanges({ result }: { result: ImportResult }) {
  return (
    <>
      <div className={classes.frame}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Added</th>
              <th scope="col">Changed</th>
              <th scope="col">Removed</th>
              <th scope="col">As before</th>
            </tr>
          </thead>
          <tbody>
            {result.changes.map((change) => (
              <tr key={change.kind}>
                <th scope="row">{kindWords[change.kind] ?? change.kind}</th>
                <td data-some={change.added > 0 || undefined}>{change.added.toLocaleString('en')}</td>
                <td data-some={change.changed > 0 || undefined}>{change.changed.toLocaleString('en')}</td>
                <td data-some={change.removed > 0 || undefined}>{change.removed.toLocaleString('en')}</td>
                <td>{change.unchanged.toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {result.sample.length > 0 ? (
        <div>
          <Text size="sm" fw={600} mb={4}>
            The first differences
          </Text>
          <pre className={classes.sample}>{result.sample.join('\n')}</pre>
        </div>
      ) : null}
    </>
  );
}
