import { useEffect, useRef } from 'react';

type Shortcuts = Readonly<Record<string, () => void>>;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const isInDialog = (): boolean => document.querySelector('[role=dialog]') !== null;

/** Single keys, by the letter on them; not while someone types, and not behind a dialog. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (isInDialog()) return;
      if (isTyping(event.target)) {
        if (event.key === 'Escape') leave(event.target);
        return;
      }
      const work = latest.current[keyOf(event)];
      if (work === undefined) return;
      event.preventDefault();
      work();
    };
    // Before the dialogs, which are gone once they have seen Escape.
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, []);
}

/** Escape closes a list of completions first, and leaves the field when there is none. */
function leave(field: EventTarget | null): void {
  if (field instanceof HTMLElement && !field.hasAttribute('aria-controls')) field.blur();
}

/** With a Korean keyboard `j` arrives as `ㅓ`, so letters go by their place on the keyboard. */
function keyOf({ key, code }: KeyboardEvent): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return letter === undefined || /^[a-z]$/i.test(key) ? key : letter.toLowerCase();
}
