import { SegmentedControl } from '@mantine/core';

interface Props {
  show: 'past' | undefined;
  onShow: (search: { show?: 'past' }) => void;
}

/** Chooses between what is in force and what is over; begins at the first page either way. */
export function NowOrPast({ show, onShow }: Props) {
  return (
    <SegmentedControl
      aria-label="Which"
      value={show ?? 'now'}
      data={[
        { value: 'now', label: 'In force' },
        { value: 'past', label: 'Past' },
      ]}
      onChange={(next) => onShow(next === 'past' ? { show: 'past' } : {})}
    />
  );
}
