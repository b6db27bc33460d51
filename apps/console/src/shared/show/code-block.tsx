import type { ReactNode } from 'react';
import classes from './show.module.css';
import { CopyButton } from './copy-button';

/** A text as it is: headers, a body, an example. Long ones scroll. */
export function CodeBlock({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  return (
    <figure className={classes.code}>
      <figcaption className="row spread">
        <span className="dim">{label}</span>
        <CopyButton text={text} />
      </figcaption>
      <pre className="mono" tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </figure>
  );
}

/** JSON with indentation; a text that is none, such as a body that was cut, stays as it came. */
export function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
