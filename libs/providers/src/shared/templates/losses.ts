import { parseTemplate, type OutboundTemplate } from '@gateway/core';

/** Losses when a template is pushed: escaping at every provider, other features at some. Sentences for the caller. */
export function lossesOf(
  { content, from, fileIds }: OutboundTemplate,
  takes: { readonly files: boolean; readonly senderName: boolean },
): readonly string[] {
  const body = content.html ?? content.text ?? '';
  const escaped = parseTemplate(body).some(
    (token) => token.kind === 'variable' && (token.escaping === 'html' || content.html === undefined),
  );
  return [
    ...(escaped ? ['values are put in as they are there, not escaped for HTML'] : []),
    ...(from.name !== undefined && !takes.senderName ? ["the sender's name is not kept there"] : []),
    ...(fileIds.length > 0 && !takes.files ? ['attachments are not kept there'] : []),
  ];
}
