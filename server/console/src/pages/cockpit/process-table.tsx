import { Text } from '@mantine/core';
import type { SampleOf } from '../../stream-samples.ts';
import { bytes, percent } from '../../words.ts';
import classes from './process-table.module.css';

/** Processes in the order the device told them: those that use most first. */
export function ProcessTable({ processes }: Pick<SampleOf<'processes'>, 'processes'>) {
  return (
    <section className={classes.frame} aria-label="Processes">
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
          {processes.map(({ pid, name, cpu, memoryBytes, isSystem, command }) => (
            <tr key={pid}>
              <td>
                {name}
                <Text size="xs" c="dimmed">
                  {isSystem ? (command ?? 'of the system') : 'the person’s own'}
                </Text>
              </td>
              <td>{pid}</td>
              <td>{percent(cpu * 100)}</td>
              <td>{bytes(memoryBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
