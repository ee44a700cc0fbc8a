import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ProfileContent, ProfileDetail } from '../../../../../shared/api/schemas.ts';
import { ApiError, call } from '../../api.ts';
import { sameContent } from '../../content.ts';
import { queries } from '../../queries.ts';

/** The content being edited and its way to the server. What somebody else saved is never overwritten unasked. */
export function useDraft(detail: ProfileDetail) {
  const { id } = detail.profile;
  const client = useQueryClient();
  const [base, setBase] = useState({ content: detail.content, version: detail.version });
  const [content, setContent] = useState(detail.content);
  const dirty = !sameContent(content, base.content);
  const moved = detail.version !== base.version;

  const take = (fresh: ProfileDetail) => {
    client.setQueryData(queries.profile(id).queryKey, fresh);
    void client.invalidateQueries({ queryKey: ['profiles'] });
    setBase({ content: fresh.content, version: fresh.version });
    setContent(fresh.content);
  };
  useEffect(() => {
    if (!moved || dirty) return;
    setBase({ content: detail.content, version: detail.version });
    setContent(detail.content);
  }, [moved, dirty, detail]);

  const save = useMutation({
    mutationFn: (version: number) => call('saveDraft', { params: { id }, body: { content, version } }),
    onSuccess: take,
    onError: (error) => {
      if (isConflict(error)) void client.invalidateQueries({ queryKey: queries.profile(id).queryKey });
    },
  });
  const discard = useMutation({ mutationFn: () => call('discardDraft', { params: { id } }), onSuccess: take });
  return {
    content,
    setContent: (change: (content: ProfileContent) => ProfileContent) => setContent(change),
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

export type Draft = ReturnType<typeof useDraft>;

function isConflict(error: Error | null): boolean {
  return error instanceof ApiError && error.code === 'changed-meanwhile';
}
