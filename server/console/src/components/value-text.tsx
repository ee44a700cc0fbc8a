import { Button } from '@mantine/core';
import { useState } from 'react';
import { valueWords } from '../setting-words.ts';
import { Tag } from './tag.tsx';

const few = 8;

interface Props {
  capability: string;
  setting: string;
  value: unknown;
  /** One line of text instead of tags. */
  inline?: boolean;
}

/** The value of a setting; a long list shows its first entries and the number of the others. */
export function ValueText({ capability, setting, value, inline = false }: Props) {
  const [all, setAll] = useState(false);
  const words = valueWords(capability, setting, value);
  if (typeof words === 'string') return <span style={{ fontWeight: inline ? 400 : 600 }}>{words}</span>;
  if (inline) return <span>{words.slice(0, few).join(', ') + (words.length > few ? '…' : '')}</span>;
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 5 }}>
      {(all ? words : words.slice(0, few)).map((item) => (
        <Tag key={item}>{item}</Tag>
      ))}
      {words.length > few ? (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `and ${(words.length - few).toLocaleString('en')} more`}
        </Button>
      ) : null}
    </div>
  );
}
