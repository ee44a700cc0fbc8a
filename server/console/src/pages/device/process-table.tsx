import type { LiveSample } from '../../device-health.ts';
import { bytes, percent } from '../../words.ts';
import classes from './process-table.module.css';

export function ProcessTable({ processes }: Pick<LiveSample, 'processes'>) {
  const busiest = processes.toSorted((a, b) => b.cpuPercent - a.cpuPercent || b.memoryBytes - a.memoryBytes);
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Process</th>
            <th scope="col">Id</th>
            <th scope="col">Processor</th>
            <th scope="col">Memory</th>
          </tr>
        </thead>
        <tbody>
          {busiest.map((process) => (
            <tr key={process.pid}>
              <td>{process.name}</td>
              <td>{process.pid}</td>
              <td>{percent(process.cpuPercent)}</td>
              <td>{bytes(process.memoryBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
