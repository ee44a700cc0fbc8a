import { IconCheck, IconX } from '@tabler/icons-react';
import type { Evidence } from '../../../../../shared/protocol/messages.ts';
import classes from './evidence-table.module.css';

/** What was looked at, what should be there and what was seen; lines that differ come first. */
export function EvidenceTable({ evidence }: { evidence: readonly Evidence[] }) {
  const sorted = evidence.toSorted((a, b) => Number(a.ok) - Number(b.ok));
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Looked at</th>
            <th scope="col">Expected</th>
            <th scope="col">Seen</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((line) => (
            <tr key={`${line.item} ${line.expected}`} data-ok={line.ok}>
              <td>
                {line.ok ? (
                  <IconCheck size={15} color="var(--verdict-compliant)" aria-label="As expected" />
                ) : (
                  <IconX size={15} color="var(--verdict-noncompliant)" aria-label="Different" />
                )}{' '}
                {line.item}
              </td>
              <td>{line.expected}</td>
              <td>{line.seen}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
