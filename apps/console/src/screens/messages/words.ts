import { twoLanguages } from '../../i18n/two-languages';

export const words = twoLanguages({
  ko: { title: 'messages' },
  en: { title: 'Messages' },
});
