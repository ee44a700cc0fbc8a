import { useMutation, useQueryClient } from '@tanstack/react-query';
import { notifyDone } from './notify.ts';

interface Act<Asked, Given> {
  act: (asked: Asked) => Promise<Given>;
  /** What is confirmed to the person who did it. */
  done: string | ((given: Given) => string);
  /** First words of the queries that are stale now. */
  stale: readonly string[];
  onDone?: (given: Given) => void;
}

/** Does something, says so, and loads again what it changed. Failures stay in `error`, beside what was asked. */
export function useAct<Asked, Given>({ act, done, stale, onDone }: Act<Asked, Given>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async (given) => {
      notifyDone(typeof done === 'string' ? done : done(given));
      onDone?.(given);
      await Promise.all(stale.map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
}
