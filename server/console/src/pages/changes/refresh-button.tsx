import { Button } from '@mantine/core';
import type { ChangeView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { fallenApprovals } from '../../change-words.ts';
import { Problem } from '../../components/problem.tsx';
import { useAct } from '../../components/use-act.ts';

interface Props {
  view: ChangeView;
  /** Approvals that do not hold for what it does now, in words. */
  onFallen: (words: readonly string[]) => void;
}

/** Works out again what a change does. */
export function RefreshButton({ view, onFallen }: Props) {
  const refresh = useAct({
    act: () => call('refreshChange', { params: { id: view.change.id } }),
    done: 'Worked out anew.',
    stale: ['changes'],
    onDone: (fresh) => onFallen(fallenApprovals(view.requirements, fresh.requirements)),
  });
  return (
    <>
      {refresh.error ? <Problem error={refresh.error} /> : null}
      <Button size="compact-sm" variant="default" loading={refresh.isPending} onClick={() => refresh.mutate()}>
        Work it out anew
      </Button>
    </>
  );
}
