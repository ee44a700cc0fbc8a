import { Alert, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { RowsSkeleton } from '../../components/loaded.tsx';

interface Props {
  ended: string | undefined;
  waits: boolean;
  children: ReactNode;
}

/** A stream that comes, that has not begun, or that has ended and why. */
export function Streamed({ ended, waits, children }: Props) {
  if (ended !== undefined)
    return (
      <>
        <Alert variant="default" role="status" title="No more comes from the device">
          {ended}
        </Alert>
        {children}
      </>
    );
  if (!waits) return children;
  return (
    <div>
      <Text size="sm" c="dimmed" role="status" mb="xs">
        Waiting for the first sample; the device answers within a few seconds.
      </Text>
      <RowsSkeleton rows={3} height={60} />
    </div>
  );
}
