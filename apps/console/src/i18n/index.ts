import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { words as frame } from '../frame/words';
import { words as message } from '../screens/message/words';
import { words as why } from '../screens/message/why/words';
import { words as messages } from '../screens/messages/words';
import { words as now } from '../screens/now/words';
import { words as suppressions } from '../screens/suppressions/words';
import { words as tail } from '../screens/tail/words';
import { words as webhooks } from '../screens/webhooks/words';
import { words as accounts } from '../screens/accounts/words';
import { words as routes } from '../screens/routes/words';
import { words as keys } from '../screens/keys/words';
import { words as audit } from '../screens/audit/words';
import { words as templates } from '../screens/templates/words';
import { words as audience } from '../screens/audience/words';
import { words as statistics } from '../screens/statistics/words';
import { words as erasures } from '../screens/erasures/words';
import { words as problems } from '../shared/problem-words';
import { words as shared } from '../shared/words';

/** A screen's words are in its own folder, Korean first; `words.ts` there makes sure that English has the same keys. */
const all = {
  frame,
  shared,
  problems,
  now,
  messages,
  message,
  why,
  tail,
  webhooks,
  suppressions,
  accounts,
  routes,
  keys,
  audit,
  templates,
  audience,
  statistics,
  erasures,
};

type Korean = { readonly [Name in keyof typeof all]: (typeof all)[Name]['ko'] };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words';
    resources: { words: Korean };
  }
}

export const languages = ['ko', 'en'] as const;
export type Language = (typeof languages)[number];

const STORED = 'console.language';

const isLanguage = (text: string | null): text is Language => languages.some((language) => language === text);

const resourcesOf = (language: Language) =>
  Object.fromEntries(Object.entries(all).map(([name, words]) => [name, words[language]]));

function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (isLanguage(stored)) return stored;
  return navigator.language.startsWith('ko') ? 'ko' : 'en';
}

export function setLanguage(language: Language): void {
  localStorage.setItem(STORED, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

export async function startWords(): Promise<void> {
  const language = firstLanguage();
  document.documentElement.lang = language;
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'ko',
    defaultNS: 'words',
    resources: { ko: { words: resourcesOf('ko') }, en: { words: resourcesOf('en') } },
    // React escapes.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}
