import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { signIn, type SignInProblem } from '../gateway/session';
import { sessionQuery } from '../gateway/use-session';
import { LanguageButton, ThemeButton } from './preferences';
import classes from './sign-in.module.css';

const UNAUTHORIZED = 401;
const TOO_MANY = 429;

/** The page stays where it is, so a deep link opens after signing in. */
export function SignIn(): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [key, setKey] = useState('');
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
  const problem = attempt.error as SignInProblem | null;
  const faults = { [UNAUTHORIZED]: t('frame.keyUnknown'), [TOO_MANY]: t('frame.keyTooMany') };
  return (
    <main className={classes.page}>
      <form
        className={classes.box}
        onSubmit={(event) => {
          event.preventDefault();
          attempt.mutate(key.trim());
        }}
      >
        <h1>{t('frame.product')}</h1>
        <PasswordInput
          label={t('frame.key')}
          description={t('frame.keyHint')}
          placeholder="gk_…"
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          error={problem && (faults[problem.status as keyof typeof faults] ?? problem.detail)}
          autoComplete="current-password"
          autoFocus
          required
          withAsterisk={false}
        />
        <Button type="submit" size="sm" loading={attempt.isPending} disabled={key.trim() === ''}>
          {t('frame.signIn')}
        </Button>
        <div className="row spread">
          <LanguageButton />
          <ThemeButton />
        </div>
      </form>
    </main>
  );
}
