import { GatewayConnectionError, GatewayProblem, GatewayTimeout } from '@gateway/client';
import { useTranslation } from 'react-i18next';
import { words } from './problem-words';

type Code = keyof typeof words.ko.code;
type FieldCode = keyof typeof words.ko.field;

const isCode = (code: string): code is Code => code in words.ko.code;
const isFieldCode = (code: string): code is FieldCode => code in words.ko.field;

/** Words for a failed call, by its code, in the operator's language. */
export function useProblemWords(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (error instanceof GatewayProblem) return isCode(error.code) ? t(`problems.code.${error.code}`) : error.detail;
    if (error instanceof GatewayTimeout) return t('problems.timeout');
    if (error instanceof GatewayConnectionError) return t('problems.connection');
    // A file that is not UTF-8, and the like: the screens say those themselves.
    return error instanceof Error ? error.message : t('problems.unknown');
  };
}

/** Words for one invalid field. */
export function useFieldWords(): (fault: { readonly code: string; readonly detail: string }) => string {
  const { t } = useTranslation();
  return ({ code, detail }) => (isFieldCode(code) ? t(`problems.field.${code}`) : detail);
}

/** Whether an act that got no answer may have been done. */
export const isMaybeDone = (error: unknown): boolean =>
  error instanceof GatewayConnectionError && error.sent === 'maybe';
