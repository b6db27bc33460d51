import type { Category, Content } from '../message.js';
import { hollowTexts, type HollowText } from './hollow-texts.js';
import { contentOf, type ParsedContent } from './parts.js';
import { parseTemplate, type Templates } from './template.js';

/** All that acceptance needs to know of a message's texts. They may be large, so they are parsed once, when read. */
export interface ParsedTexts {
  readonly content: ParsedContent;
  /** Texts that values may leave empty, or that are empty. */
  readonly hollow: readonly HollowText[];
}

export const textsOf = (templates: Templates, category: Category): ParsedTexts => ({
  content: contentOf(templates, category),
  hollow: hollowTexts(templates, category),
});

/** @throws TemplateSyntaxError when a text does not parse. */
export const parseTexts = ({ subject, html, text }: Content, category: Category): ParsedTexts =>
  textsOf(
    {
      subject: parseTemplate(subject),
      ...(html !== undefined && { html: parseTemplate(html) }),
      ...(text !== undefined && { text: parseTemplate(text) }),
    },
    category,
  );
