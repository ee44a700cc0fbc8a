import { CodedError, errorCodes } from '../../shared/errors/catalogue.ts';
import { code, generatedFrom, page, table } from './markdown.ts';

const intro = `# Errors

Every refusal of the server has one of these codes; programs should look at the code, not at the words, which may name the
place and the remedy better than the sentence here. Over HTTP an error is
\`{ "error": { "code": …, "message": …, "details": [ … ] } }\` with the status given.`;

/** The catalogue as a table. */
export function errorsPage(): string {
  const rows = errorCodes.map((name) => {
    const { status, message } = new CodedError(name);
    return [code(name), String(status), message];
  });
  return page(generatedFrom('`shared/errors/catalogue.ts`'), intro, table(['Code', 'HTTP status', 'Words'], rows));
}
