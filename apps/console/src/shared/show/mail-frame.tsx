import { useMemo, useRef, type ReactNode } from 'react';
import classes from './show.module.css';

/** What could load, run, send or move something. */
const REMOVED = 'script,iframe,frame,frameset,object,embed,base,meta,link,form,input,button,audio,video,portal';
const KEPT_IMAGES = /^(?:data:image\/|cid:)/i;

/**
 * A mail that is not stored yet, as its recipient sees it. The frame runs no scripts and loads nothing. The page's policy
 * forbids styles in the text, so they are taken out of it and set through the object model, which it allows.
 */
export function MailFrame({ html, title }: { readonly html: string; readonly title: string }): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null);
  const { text, sheet } = useMemo(() => defused(html), [html]);
  const dress = (): void => {
    const inner = frame.current?.contentDocument;
    const view = frame.current?.contentWindow as (Window & typeof globalThis) | null | undefined;
    if (!inner || !view) return;
    const styles = new view.CSSStyleSheet();
    styles.replaceSync(sheet);
    inner.adoptedStyleSheets = [styles];
    for (const element of inner.querySelectorAll<HTMLElement>('[data-style]')) {
      element.style.cssText = element.dataset['style'] ?? '';
    }
  };
  return (
    <iframe
      ref={frame}
      className={classes.mail}
      title={title}
      sandbox="allow-same-origin"
      referrerPolicy="no-referrer"
      srcDoc={text}
      onLoad={dress}
    />
  );
}

/** A fragment has no body of its own; its colours are kept. */
const BODY = /<(\/?)body\b/gi;
const TAG = /<[a-z][^<>]*>/gi;
/** Renamed before the policy sees and reports them. What this misses is reported, and does nothing all the same. */
const INLINE = /(\s)(style|on[a-z]+)(\s*=)/gi;

function defused(html: string): { readonly text: string; readonly sheet: string } {
  // What is in a template runs and loads nothing.
  const template = document.createElement('template');
  template.innerHTML = html.replace(BODY, '<$1div').replace(TAG, (tag) => tag.replace(INLINE, '$1data-$2$3'));
  const { content } = template;
  const sheet = [...content.querySelectorAll('style')].map((style) => style.textContent).join('\n');
  content.querySelectorAll(`style,${REMOVED}`).forEach((element) => element.remove());
  for (const element of content.querySelectorAll('*')) defuse(element);
  return { text: template.innerHTML, sheet };
}

function defuse(element: Element): void {
  const style = element.getAttribute('style');
  for (const { name, value } of [...element.attributes]) {
    const isImage = name === 'src' && KEPT_IMAGES.test(value);
    if (!isImage && /^(?:on|style$|src|href$|action$|background$|poster$|ping$|xlink:)/i.test(name)) {
      element.removeAttribute(name);
    }
  }
  if (style !== null) element.setAttribute('data-style', style);
}
