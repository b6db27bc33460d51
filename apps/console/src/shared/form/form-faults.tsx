import { Alert, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../states';
import type { Saving } from './use-save';

/** What the fields of a form do not say themselves. @param reload begins again with what is stored. */
export function FormFaults({ saving, reload }: { readonly saving: Saving; readonly reload?: () => void }): ReactNode {
  const { t } = useTranslation();
  if (saving.isConflict) {
    return (
      <Alert color="orange" variant="outline" role="alert">
        <div className="stack">
          <span>{t('problems.conflict')}</span>
          {reload && (
            <div>
              <Button variant="default" onClick={reload}>
                {t('problems.reload')}
              </Button>
            </div>
          )}
        </div>
      </Alert>
    );
  }
  return saving.hasMore() ? <Failure error={saving.error} isAct /> : null;
}
