import { TagsInput } from '@mantine/core';
import { useState } from 'react';
import { routes } from '../../../../shared/api/routes.ts';
import { type FieldSchema, textProblem } from '../form-fields.ts';

const tagsSchema: FieldSchema = { ...routes.setDeviceTags.body.properties.tags };

interface Props {
  value: string[];
  onChange: (tags: string[]) => void;
}

/** Tags of a device; assignments can name them. */
export function TagsField({ value, onChange }: Props) {
  const [refused, setRefused] = useState<string>();
  const change = (tags: string[]) => {
    const bad = tags.find((tag) => textProblem(tagsSchema.items ?? {}, tag) !== undefined);
    setRefused(bad);
    onChange(tags.filter((tag) => tag !== bad));
  };
  return (
    <TagsInput
      label="Tags"
      description="Press Enter after each. Profiles can be assigned to a tag."
      placeholder={value.length === 0 ? 'cart-3' : ''}
      value={value}
      maxTags={tagsSchema.maxItems ?? 20}
      onChange={change}
      clearable
      error={refused ? `“${refused}” is no tag: letters, digits, spaces, dot, dash and underscore, at most 60.` : null}
    />
  );
}
