import { Textarea, TextInput } from '@mantine/core';

interface Props {
  name: string;
  onName: (name: string) => void;
  description: string;
  onDescription: (description: string) => void;
  placeholder: string;
  hint?: string;
}

/** What something new is called, and what it is for. */
export function NameFields({ name, onName, description, onDescription, placeholder, hint }: Props) {
  return (
    <>
      <TextInput
        label="Name"
        description={hint}
        placeholder={placeholder}
        required
        maxLength={120}
        data-autofocus
        value={name}
        onChange={(event) => onName(event.currentTarget.value)}
      />
      <Textarea
        label="What it is for"
        autosize
        minRows={2}
        maxLength={1000}
        value={description}
        onChange={(event) => onDescription(event.currentTarget.value)}
      />
    </>
  );
}
