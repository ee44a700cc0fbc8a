import { type RefObject, useRef, useState } from 'react';
import type { CannedFix } from '../../../../../shared/api/schemas.ts';
import type { PageKey } from '../../components/use-keys.ts';
import { pressButton } from '../cockpit/use-cockpit.ts';

/** What is being written, and the fields that the keys of the page lead to. */
export function useTicketDesk() {
  const [words, setWords] = useState('');
  const [isToPerson, setToPerson] = useState(false);
  const [fix, setFix] = useState<CannedFix>();
  const [fixes, setFixes] = useState(false);
  const fixesButton = useRef<HTMLButtonElement>(null);
  const writing = useRef<HTMLTextAreaElement>(null);
  const status = useRef<HTMLInputElement>(null);
  const assignee = useRef<HTMLInputElement>(null);
  const priority = useRef<HTMLInputElement>(null);
  const category = useRef<HTMLInputElement>(null);
  const resolve = useRef<HTMLButtonElement>(null);
  return {
    ...{ words, setWords, isToPerson, setToPerson, fix, setFix, fixes, setFixes },
    ...{ fixesButton, writing, status, assignee, priority, category, resolve },
    write: (toPerson: boolean) => {
      setToPerson(toPerson);
      writing.current?.focus();
    },
    /** Puts a canned fix where it can still be changed. */
    takeFix: (chosen: CannedFix) => {
      setFix(chosen);
      setWords(chosen.words);
      setToPerson(true);
      // The menu gives the focus back to its button first.
      setTimeout(() => writing.current?.focus(), 0);
    },
    clear: () => {
      setWords('');
      setFix(undefined);
    },
  };
}

export type TicketDesk = ReturnType<typeof useTicketDesk>;

const open = (field: RefObject<HTMLInputElement | null>) => () => {
  field.current?.focus();
  field.current?.click();
};

/** The keys of the conversation and the fields. */
export function ticketKeys(desk: TicketDesk): PageKey[] {
  return [
    { key: 'n', words: 'Write a note', act: () => desk.write(false) },
    { key: 'w', words: 'Write to the person', act: () => desk.write(true) },
    { key: 'x', words: 'Canned fixes', act: () => pressButton(desk.fixesButton) },
    { key: 'r', words: 'Resolve', act: () => pressButton(desk.resolve) },
    { key: 's', words: 'Status', act: open(desk.status) },
    { key: 'a', words: 'Assign', act: open(desk.assignee) },
    { key: 'p', words: 'Priority', act: open(desk.priority) },
    { key: 't', words: 'Category', act: open(desk.category) },
  ];
}
