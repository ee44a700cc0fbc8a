import type { CatalogueEntry, ListView } from '../../../../../shared/api/schemas.ts';
import { CatalogueDialog } from './catalogue-dialog.tsx';
import { DeleteListDialog } from './delete-list-dialog.tsx';
import { ExceptionsDialog } from './exceptions-dialog.tsx';
import { RolloutDialog, type RolloutStep } from './rollout-dialog.tsx';
import { SubscribeDialog } from './subscribe-dialog.tsx';
import { UploadListDialog } from './upload-list-dialog.tsx';

/** What is being done with a list. */
export type ListAct =
  | { kind: 'upload'; list?: ListView }
  | { kind: 'subscribe'; list?: ListView; entry?: CatalogueEntry }
  | { kind: 'catalogue' }
  | { kind: 'exceptions'; list: ListView }
  | { kind: 'rollout'; list: ListView; step: RolloutStep }
  | { kind: 'delete'; list: ListView };

interface Props {
  act: ListAct | undefined;
  onAct: (act: ListAct | undefined) => void;
}

/** One dialog at a time; each begins afresh. */
export function ListDialogs({ act, onAct }: Props) {
  const close = () => onAct(undefined);
  switch (act?.kind) {
    case 'upload':
      return <UploadListDialog replaced={act.list} onClose={close} />;
    case 'subscribe':
      return <SubscribeDialog list={act.list} entry={act.entry} onClose={close} />;
    case 'catalogue':
      return <CatalogueDialog onChoose={(entry) => onAct({ kind: 'subscribe', entry })} onClose={close} />;
    case 'exceptions':
      return <ExceptionsDialog list={act.list} onClose={close} />;
    case 'rollout':
      return <RolloutDialog list={act.list} step={act.step} onClose={close} />;
    case 'delete':
      return <DeleteListDialog list={act.list} onClose={close} />;
    default:
      return null;
  }
}
