import { GatewayProblem } from '@gateway/client';
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFieldWords } from '../problem';

/** Someone else has changed what is being edited. */
export class EditConflict extends Error {
  override readonly name = 'EditConflict';
}

/** @throws EditConflict unless nothing has changed since the form was opened. */
export function expectSame(before: unknown, current: unknown): void {
  if (JSON.stringify(before) !== JSON.stringify(current)) throw new EditConflict();
}

/** The words for what is wrong at a field, by its JSON pointer; faults below it count. */
export type FaultAt = (pointer: string) => string | undefined;

export interface Saving {
  readonly start: () => void;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly isConflict: boolean;
  readonly fault: FaultAt;
  /** Whether there is more to say than what the fields show. Asked after the fields. */
  readonly hasMore: () => boolean;
  readonly reset: () => void;
  /** It is stored: nothing is lost by leaving. */
  readonly isSaved: () => boolean;
}

/** Stores a form, and hands its faults to its fields. */
export function useSave(save: () => Promise<unknown>, onSaved: () => void): Saving {
  const { t } = useTranslation();
  const say = useFieldWords();
  const saved = useRef(false);
  const act = useMutation({
    mutationFn: async () => {
      await save();
      saved.current = true;
      onSaved();
    },
  });
  const problem = act.error instanceof GatewayProblem ? act.error : undefined;
  const isConflict = act.error instanceof EditConflict;
  const shown: string[] = [];
  const isAt = (pointer: string, at: string): boolean => pointer === at || pointer.startsWith(`${at}/`);
  const fault: FaultAt = (at) => {
    shown.push(at);
    const found = problem?.errors.filter(({ pointer }) => isAt(pointer, at)) ?? [];
    if (found.length === 0) return undefined;
    return found.map((each) => `${nthOf(each.pointer, at, t('shared.entry'))}${say(each)} (${each.detail})`).join(' ');
  };
  return {
    start: () => act.mutate(),
    isPending: act.isPending,
    error: act.error,
    isConflict,
    fault,
    hasMore: () =>
      act.error !== null &&
      !isConflict &&
      (problem === undefined ||
        problem.errors.length === 0 ||
        problem.errors.some(({ pointer }) => !shown.some((at) => isAt(pointer, at)))),
    reset: act.reset,
    isSaved: () => saved.current,
  };
}

/** Of a list, which entry: counted from 1, as people do. */
function nthOf(pointer: string, at: string, word: string): string {
  const nth = /^\/(\d+)/.exec(pointer.slice(at.length))?.[1];
  return nth === undefined ? '' : `${word} ${Number(nth) + 1}: `;
}
