import { Button } from '@mantine/core';
import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LiveProvider } from '../gateway/live';
import { useSession } from '../gateway/use-session';
import { Failure, Loading } from '../shared/states';
import { Frame } from './frame';
import { SignIn } from './sign-in';

export function Root(): ReactNode {
  const session = useSession();
  if (session === undefined) return <Loading />;
  if (session === null) return <SignIn />;
  return (
    <LiveProvider>
      <Frame session={session} />
    </LiveProvider>
  );
}

export function NotFound(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <h1>{t('frame.notFound')}</h1>
      <Link to="/now">{t('frame.toNow')}</Link>
    </div>
  );
}

/** A fault of one screen leaves the others usable. */
export function Crashed({ error, reset }: ErrorComponentProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <h1>{t('frame.crashed')}</h1>
      <Failure error={error} />
      <div>
        <Button onClick={reset}>{t('shared.again')}</Button>
      </div>
    </div>
  );
}
