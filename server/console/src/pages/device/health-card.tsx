import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Panel } from '../../components/panel.tsx';
import { When } from '../../components/when.tsx';

interface Props<T> {
  title: string;
  report: { at: string; value: T } | undefined;
  children: (value: T) => ReactNode;
}

/** One collector's report with its age, or that there has been none. */
export function HealthCard<T>({ title, report, children }: Props<T>) {
  return (
    <Panel
      title={title}
      aside={
        report ? (
          <Text size="xs" c="dimmed" component="span">
            <When at={report.at} />
          </Text>
        ) : null
      }
    >
      {report ? (
        children(report.value)
      ) : (
        <Text size="sm" c="dimmed">
          Not reported. The device has not sent this yet, or cannot read it.
        </Text>
      )}
    </Panel>
  );
}
