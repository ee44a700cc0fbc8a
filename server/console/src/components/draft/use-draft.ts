import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiError } from '../../api.ts';
import { sameContent } from '../../content.ts';

/** What has a draft: a profile, or a group. */
export interface Drafted<Content> {
  content: Content;
  /** Changes with every save. */
  version: number;
}

interface Ways<Content, Detail> {
  queryKey: readonly unknown[];
  /** First word of the list's query. */
  list: string;
  save: (content: Content, version: number) => Promise<Detail>;
  discard: () => Promise<Detail>;
}

/** The content being edited and its way to the server. What somebody else saved is never overwritten unasked. */
export function useDraft<Content extends object, Detail extends Drafted<Content>>(
  detail: Detail,
  ways: Ways<Content, Detail>,
) {
  const client = useQueryClient();
  const [base, setBase] = useState<Drafted<Content>>({ content: detail.content, version: detail.version });
  const [content, setContent] = useState(detail.content);
  const dirty = !sameContent(content, base.content);
  const moved = detail.version !== base.version;

  const take = (fresh: Detail) => {
    client.setQueryData(ways.queryKey, fresh);
    void client.invalidateQueries({ queryKey: [ways.list] });
    setBase({ content: fresh.content, version: fresh.version });
    setContent(fresh.content);
  };
  useEffect(() => {
    if (!moved || dirty) return;
    setBase({ content: detail.content, version: detail.version });
    setContent(detail.content);
  }, [moved, dirty, detail]);

  const save = useMutation({
    mutationFn: (version: number) => ways.save(content, version),
    onSuccess: take,
    onError: (error) => {
      if (isConflict(error)) void client.invalidateQueries({ queryKey: ways.queryKey });
    },
  });
  const discard = useMutation({ mutationFn: ways.discard, onSuccess: take });
  return {
    content,
    /** What was saved last; `content` is as it was then while nothing is changed. */
    saved: base.content,
    setContent: (change: (content: Content) => Content) => setContent(change),
    version: base.version,
    dirty,
    /** Somebody saved meanwhile, and there are changes here too. */
    conflict: (moved && dirty) || isConflict(save.error),
    save: () => save.mutateAsync(base.version),
    /** Failures of these two show in `error`. */
    saveOver: () => save.mutate(detail.version),
    takeTheirs: () => {
      save.reset();
      take(detail);
    },
    undo: () => setContent(base.content),
    discard: () => discard.mutate(),
    take,
    busy: save.isPending || discard.isPending,
    error: isConflict(save.error) ? null : (save.error ?? discard.error),
  };
}

export type Draft<Content extends object, Detail extends Drafted<Content> = Drafted<Content>> = ReturnType<
  typeof useDraft<Content, Detail>
>;

function isConflict(error: Error | null): boolean {
  return error instanceof ApiError && error.code === 'changed-meanwhile';
}
