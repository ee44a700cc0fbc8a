import { Text } from '@mantine/core';
import type { StatusCounts } from '../../../../shared/api/schemas.ts';
import { standingOf, standingWords } from '../compliance-map.ts';
import classes from './standing-cell.module.css';
import { StatusBar } from './status-bar.tsx';

/** How a check stands, as a bar and in words. */
export function StandingCell({ counts }: { counts: StatusCounts }) {
  return (
    <div className={classes.cell}>
      <StatusBar counts={counts} height={8} />
      <Text size="xs" c="dimmed" mt={3}>
        {standingWords(standingOf(counts))}
      </Text>
    </div>
  );
}
