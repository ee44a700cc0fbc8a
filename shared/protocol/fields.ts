import Type from 'typebox';

export const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });
export const Code = Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' });
export const Generation = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Sequence = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
export const Version = Type.String({ pattern: '^[0-9A-Za-z.+-]{1,50}$' });
/** Section names may be newer than this reader: unknown ones are answered `unsupported`, not refused. */
export const SectionName = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' });
